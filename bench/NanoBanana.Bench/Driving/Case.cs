namespace NanoBanana.Bench.Driving;

/// <summary>A row of work: who does it, on what, and what is asked of it.</summary>
internal sealed record Case(string Name, string What, string Work)
{
    /// <summary>Full-size calls a child makes after the first, once to settle and once to measure; 0 where one is long
    /// enough.</summary>
    public int Calls { get; init; } = 10;

    /// <summary>Who takes part, in the order of the first round.</summary>
    public IReadOnlyList<string> Parties { get; init; } = [Party.Ours, Party.Official];

    /// <summary>Most time for one child.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Makes the input in the folder; null when there is none.</summary>
    public Action<BenchHost, string>? Prepare { get; init; }

    /// <summary>The bars of the issue.</summary>
    public IReadOnlyList<Bar> Bars { get; init; } = [];
}

/// <summary>One demand, and how to read it off the medians.</summary>
/// <param name="What">In words.</param>
/// <param name="Limit">The number.</param>
/// <param name="Unit">"MiB", "x", "s".</param>
/// <param name="Read">The measured number.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal sealed record Bar(string What, double Limit, string Unit, Func<Medians, double> Read, bool AtLeast = false);

/// <summary>Who does the work.</summary>
internal static class Party
{
    public const string Ours = "ours";
    public const string Official = "official SDK";
    public const string Curl = "curl";
    public const string Nb = "nb run";
}
