namespace NanoBanana.Conversations;

/// <summary>Words. An empty text may still carry a signature.</summary>
/// <param name="Text">The text, possibly empty.</param>
public sealed record TextPart(string Text) : Part;
