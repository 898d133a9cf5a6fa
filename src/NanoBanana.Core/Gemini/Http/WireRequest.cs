namespace NanoBanana.Gemini.Http;

/// <summary>One request, in a form that can be sent more than once.</summary>
internal sealed record WireRequest(HttpMethod Method, Uri Uri)
{
    /// <summary>The model it is for.</summary>
    public string? Model { get; init; }

    /// <summary>Shortest timeout for its answer; null for the connection's timeout.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Makes new content for every try; null for none.</summary>
    public Func<WireContent>? Content { get; init; }

    /// <summary>Headers beyond those of every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether carrying it out costs money.</summary>
    public bool MayBeBilled { get; init; }

    /// <summary>Accounts for it if it costs money; null for no accounting.</summary>
    public ICallScope? Scope { get; init; }

    /// <summary>Whether its answer can be fetched after the connection broke: then it is never sent again.</summary>
    public Func<bool> IsRecoverable { get; init; } = () => false;

    /// <summary>Whether the object read from the answer takes over the response and disposes it.</summary>
    public bool KeepsResponse { get; init; }

    /// <summary>Whether it is retried after a failure; false when the caller resumes by itself.</summary>
    public bool Retries { get; init; } = true;
}
