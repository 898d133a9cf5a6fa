namespace NanoBanana.Models;

/// <summary>What a reference image is there for. The order is the order in which references are laid out in a
/// request.</summary>
public enum ReferenceRole
{
    /// <summary>A person or creature to keep.</summary>
    Character,

    /// <summary>A thing to keep.</summary>
    Object,

    /// <summary>A style to follow.</summary>
    Style,

    /// <summary>A pose to follow.</summary>
    Pose,

    /// <summary>A composition to follow: the places of things in the frame.</summary>
    Composition,

    /// <summary>A place to use as the setting.</summary>
    Background,

    /// <summary>A picture whose use only the prompt explains.</summary>
    Image,
}
