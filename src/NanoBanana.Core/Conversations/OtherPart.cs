namespace NanoBanana.Conversations;

/// <summary>A part with none of the payloads this version knows; it lives in <see cref="Part.Unknown"/> and goes back
/// as it came.</summary>
public sealed record OtherPart : Part;
