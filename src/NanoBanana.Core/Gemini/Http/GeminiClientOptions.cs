namespace NanoBanana.Gemini.Http;

/// <summary>Time limits, retries and observers of a client.</summary>
public sealed record GeminiClientOptions
{
    /// <summary>Time limit of one try, including the answer. The service takes 15 to 40 s for an image, longer for
    /// 4K.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How often a failed call is sent again; 0 or more.</summary>
    public int MaximumRetryCount { get; init; } = 3;

    /// <summary>The first wait between tries; it doubles every time, up to a minute, and a random factor (full jitter)
    /// shortens it.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest total time of all waits of one call.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Whether a call that may have been billed, but gave no complete answer, is sent again.</summary>
    public bool ResendUncertain { get; init; }

    /// <summary>Whether pictures always go inside requests; jobs, which need uploads, are refused then.</summary>
    public bool NoUpload { get; init; }

    /// <summary>Whether the service is asked to keep no copy of requests (<c>store: false</c>). Vertex AI keeps none
    /// anyway and is not asked.</summary>
    public bool NoStore { get; init; }

    /// <summary>The API to use. Jobs support only <c>generateContent</c>.</summary>
    public ModelApi Api { get; init; }

    /// <summary>Additional headers, sent with every request to this service and to no other.</summary>
    public ConnectionHeaders Headers { get; init; } = ConnectionHeaders.None;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called at every step of a call, on any thread. It must not throw.</summary>
    public Action<ClientEvent>? Observe { get; init; }

    /// <summary>Called with every body, with images and secrets masked, on any thread. It must not throw. Null, the
    /// default, has no cost.</summary>
    public Action<ClientBody>? ObserveBody { get; init; }

    /// <summary>Random numbers from 0 to 1, for jitter.</summary>
    internal Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
