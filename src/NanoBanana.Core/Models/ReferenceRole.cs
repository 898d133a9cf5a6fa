namespace NanoBanana.Models;

/// <summary>What a reference image is there for. The order is the order in which references are laid out in a
/// request.</summary>
public enum ReferenceRole
{
    /// <summary>A person or creature to keep.</summary>
    Character,

    /// <summary>A thing to keep.</summary>
    Object,

    /// <summary>How it should look.</summary>
    Style,

    /// <summary>How a figure should stand.</summary>
    Pose,

    /// <summary>Where things stand in the frame, whatever they are.</summary>
    Composition,

    /// <summary>Where it should be.</summary>
    Background,

    /// <summary>A picture whose use only the prompt tells.</summary>
    Image,
}
