using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>One part of a turn: text, an image, a reference to a file, or something this version does not
/// know.</summary>
public abstract record Part
{
    /// <summary>True for the model's thinking; such a part is never the result.</summary>
    public bool Thought { get; init; }

    /// <summary>The thought signature that the model put on the part, returned to it byte for byte.</summary>
    public Blob? Signature { get; init; }

    /// <summary>Fields of the part that this version does not know, sent back as they came.</summary>
    public UnknownFields Unknown { get; init; } = UnknownFields.None;
}
