namespace EngineDouble;

/// <summary>One thing written to one stream.</summary>
public sealed record LogEntry(StreamName Stream, object? Value);
