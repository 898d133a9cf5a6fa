namespace NanoBanana.Gemini;

/// <summary>One line of a batch's result file: an answer or an error.</summary>
internal sealed record BatchResult
{
    /// <summary>Number of the result, from 0, without empty lines: usually, but not always, the order of the
    /// requests.</summary>
    public required int Index { get; init; }

    /// <summary>The key of the request; null when the line has none, or breaks off before it.</summary>
    public string? Key { get; init; }

    /// <summary>The answer; null when there is an error.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public NbException? Error { get; init; }

    /// <summary>Whether the line could not be read: it may still contain a picture.</summary>
    public bool IsUnreadable { get; init; }
}
