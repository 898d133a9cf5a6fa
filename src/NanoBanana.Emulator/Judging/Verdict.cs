namespace NanoBanana.Emulator.Judging;

/// <summary>The true verdict on a picture compared with its references: scores from 0 to 1, and reasons.</summary>
internal sealed record Verdict
{
    /// <summary>At and above this, two pictures count as the same.</summary>
    public const double Same = 0.8;

    /// <summary>Whether the same character, object or logo is in it: the share of the references that went into
    /// it.</summary>
    public double Identity { get; init; }

    public double Clothing { get; init; }

    public double Colors { get; init; }

    public double Style { get; init; }

    /// <summary>The share of the requested words that can be read in it.</summary>
    public double Spelling { get; init; } = 1;

    /// <summary>How many edits are between the first picture and this one.</summary>
    public int Depth { get; init; }

    /// <summary>What can be read in it.</summary>
    public IReadOnlyList<string> Lettering { get; init; } = [];

    /// <summary>For each reference, in order, whether it went into the picture.</summary>
    public IReadOnlyList<bool> References { get; init; } = [];

    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The whole in a sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The mean of all aspects.</summary>
    public double Overall => Math.Round((Identity + Clothing + Colors + Style + Spelling) / 5, 3);

    /// <summary>The same verdict, with scores that no threshold accepts.</summary>
    public Verdict Lowered(double score = 0.2) => this with
    {
        Identity = Math.Min(Identity, score),
        Clothing = Math.Min(Clothing, score),
        Colors = Math.Min(Colors, score),
        Style = Math.Min(Style, score),
        Spelling = Math.Min(Spelling, score),
        Problems = [.. Problems, "The face is another one."],
        Summary = "It does not look like the same character.",
    };
}
