namespace NanoBanana.Emulator.Generation;

/// <summary>What a prompt mark does to the answer.</summary>
internal enum MarkEffect
{
    /// <summary>No content; the mark's name is the finishReason.</summary>
    FinishReason,

    /// <summary>promptFeedback with the argument as blockReason (PROHIBITED_CONTENT without one), no
    /// candidates.</summary>
    Blocked,

    /// <summary>Thought parts only, finishReason STOP.</summary>
    ThoughtsOnly,

    /// <summary>Words instead of a picture, finishReason STOP.</summary>
    TextOnly,

    /// <summary>As many pairs of text and picture as the argument says (2 without one, 8 at most).</summary>
    Interleaved,

    /// <summary>An answer without candidates and without feedback.</summary>
    NoCandidates,

    /// <summary>A candidate without content, finishReason STOP.</summary>
    NoContent,

    /// <summary>A candidate whose content has no parts, finishReason STOP.</summary>
    NoParts,

    /// <summary>The picture, then a part with an empty text that carries a signature.</summary>
    EmptyTextSignature,

    /// <summary>Words that break off, finishReason MAX_TOKENS.</summary>
    MaxTokens,

    /// <summary>The fault that the argument names happens to this request.</summary>
    Fault,

    /// <summary>The argument is the status of an interaction; generateContent knows none.</summary>
    Status,

    /// <summary>An error with the argument as its code (503 without one); in a batch it is the item's error.</summary>
    Error,
}
