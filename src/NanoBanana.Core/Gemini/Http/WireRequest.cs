namespace NanoBanana.Gemini.Http;

/// <summary>One request, described so that it can be sent more than once.</summary>
internal sealed record WireRequest(HttpMethod Method, Uri Uri)
{
    /// <summary>The model it is for.</summary>
    public string? Model { get; init; }

    /// <summary>How long to wait at least for its answer; null for the connection's own timeout.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Makes the content again for every try; null for none.</summary>
    public Func<WireContent>? Content { get; init; }

    /// <summary>Headers beyond those of every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether carrying it out costs money.</summary>
    public bool MayBeBilled { get; init; }

    /// <summary>Keeps the account of it where it costs money; null for no account.</summary>
    public ICallScope? Scope { get; init; }

    /// <summary>Whether its answer can be fetched after the connection broke: then it is not sent again, whoever
    /// consents.</summary>
    public Func<bool> IsRecoverable { get; init; } = () => false;

    /// <summary>Whether what is read from the answer takes the response over and disposes it.</summary>
    public bool KeepsResponse { get; init; }

    /// <summary>Whether it waits for another try after a failure; where the caller resumes itself, it does
    /// not.</summary>
    public bool Retries { get; init; } = true;
}
