namespace NanoBanana.Emulator.Generation;

/// <summary>The place of the picture in the answer.</summary>
internal enum PicturePlace
{
    /// <summary>Inline data of a part, as documented.</summary>
    Part,

    /// <summary>A data address in a text, as a Markdown image.</summary>
    DataUrlText,

    /// <summary>Inline data that begins as a data address does.</summary>
    DataPrefix,

    /// <summary>An address in a text, from where it can be fetched.</summary>
    Link,

    /// <summary>The text in the first candidate, the picture in the second one.</summary>
    SecondCandidate,

    /// <summary>A picture in each of two candidates.</summary>
    TwoCandidates,
}
