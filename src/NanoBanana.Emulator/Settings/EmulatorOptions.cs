using NanoBanana.Emulator.Faults;

namespace NanoBanana.Emulator.Settings;

/// <summary>How a local Gemini behaves. Every property has a default that suits a test on this machine.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The drift that was measured with a real model.</summary>
    public const double MeasuredDrift = 2.5;

    /// <summary>The one API key that is accepted, or null to accept any key that is not empty.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Waiting time before every generation is answered. The real service takes 15 to 40 seconds.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Bytes of an answer sent within a second; null for as many as the connection takes.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Images of 10 to 20 MB and signatures of 1.5 MiB, as the largest ones of the service.</summary>
    public bool Big { get; init; }

    /// <summary> Whether a repeated request gets the same picture as before. Otherwise it gets another one, as from the
    /// real service; the first, second and third one are still the same in every process. A request with a seed always
    /// repeats. </summary>
    public bool IsRepeatable { get; init; }

    /// <summary>How many gray levels (0 to 255) every edit darkens the whole picture; <see cref="MeasuredDrift"/> is
    /// realistic.</summary>
    public double Drift { get; init; }

    /// <summary>Prefix of all paths, as behind a company's gateway: /gemini; empty for none.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>Further names under which clients of a server on loopback may ask for it; others are refused.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Length of every thought signature in bytes (at least 40), or null for realistic lengths.</summary>
    public int? SignatureLength { get; init; }

    /// <summary>A catalog of models that overrides and extends the built-in one, in the form of Connect-NbService
    /// -CatalogPath; null for none.</summary>
    public string? CatalogPath { get; init; }

    /// <summary>The failures to rehearse.</summary>
    public FaultScript Faults { get; init; } = FaultScript.None;

    /// <summary>The clock of files, batches and the journal. It can be advanced through the service.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The secret every client of the server must send; needed when it is not bound to loopback.</summary>
    public string? RequiredToken { get; init; }

    /// <summary>The largest body of one generateContent request in bytes: 100 MB since January 2026.</summary>
    public long InlineLimit { get; init; } = 100L * 1024 * 1024;

    /// <summary>The largest body of an inline batch in bytes.</summary>
    public long InlineBatchLimit { get; init; } = 20L * 1024 * 1024;

    /// <summary>The largest uploaded file in bytes.</summary>
    public long FileLimit { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>How long an uploaded file lives.</summary>
    public TimeSpan FileLifetime { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How long a batch stays pending.</summary>
    public TimeSpan BatchPending { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a batch runs after it was pending.</summary>
    public TimeSpan BatchRunning { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a batch may take before it expires.</summary>
    public TimeSpan BatchLifetime { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How long an interaction is kept: 55 days on a paid tier, one day on a free one.</summary>
    public TimeSpan InteractionLifetime { get; init; } = TimeSpan.FromDays(55);

    /// <summary>How long an interaction in the background waits before the work on it begins.</summary>
    public TimeSpan BackgroundQueued { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the work on an interaction in the background takes.</summary>
    public TimeSpan BackgroundRunning { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether answers of a deprecated model report its retirement (modelStatus).</summary>
    public bool TellsModelStatus { get; init; }

    /// <summary>How long the server waits for the next byte of a request before it gives the connection up.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many requests the journal remembers; older ones are forgotten first.</summary>
    public int JournalCapacity { get; init; } = 10_000;
}
