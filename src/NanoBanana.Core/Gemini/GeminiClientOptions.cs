namespace NanoBanana.Gemini;

/// <summary>How patient and how careful a client is.</summary>
public sealed record GeminiClientOptions
{
    /// <summary>Most time for one try, answer included. The service takes 15 to 40 s for an image, longer for 4K.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How often a failed call is sent again; 0 or more.</summary>
    public int MaximumRetryCount { get; init; } = 3;

    /// <summary>The first wait between tries; it doubles every time, up to a minute, and chance shortens it.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most time that all waits of one call may take together.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Whether a call that may have been billed, but gave no whole answer, is sent again.</summary>
    public bool ResendUncertain { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told of every step, on any thread. It must not throw.</summary>
    public Action<ClientEvent>? Observe { get; init; }

    /// <summary>Told of every body, images and secrets masked, on any thread. Null, the default, costs nothing. It must not throw.</summary>
    public Action<ClientBody>? ObserveBody { get; init; }

    /// <summary>Chance, from 0 to 1.</summary>
    internal Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
