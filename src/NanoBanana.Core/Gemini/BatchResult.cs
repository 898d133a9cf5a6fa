namespace NanoBanana.Gemini;

/// <summary>One line of a batch's result file: an answer or an error.</summary>
internal sealed record BatchResult
{
    /// <summary>Which result it is, from 0, empty lines not counted: usually, not always, the order of the
    /// requests.</summary>
    public required int Index { get; init; }

    /// <summary>The key the request was given; null when the line names none, or broke before it.</summary>
    public string? Key { get; init; }

    /// <summary>The answer; null when there is an error.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public NbException? Error { get; init; }

    /// <summary>Whether the line could not be understood: it may still hold a picture.</summary>
    public bool IsUnreadable { get; init; }
}
