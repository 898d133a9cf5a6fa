namespace NanoBanana.Conversations;

/// <summary>A part with none of the payloads this version knows; its fields are in <see cref="Part.Unknown"/> and are
/// sent back unchanged.</summary>
public sealed record OtherPart : Part;
