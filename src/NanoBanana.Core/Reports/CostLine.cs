using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Reports;

/// <summary>What answers did cost: of one model in one folder on one day, or a sum of such lines.</summary>
public sealed record CostLine
{
    /// <summary>The day, UTC; null for a sum over several.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Full path of the folder; null for a sum over several.</summary>
    public string? Folder { get; init; }

    /// <summary>Id of the model; null for a sum over several.</summary>
    public string? Model { get; init; }

    /// <summary>How it was sent; null for a sum over both.</summary>
    public BatchMode? Mode { get; init; }

    /// <summary>Answers that came, with a picture or without.</summary>
    public int Answers { get; init; }

    /// <summary>USD they were expected to cost.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>USD they did cost, by the service's own count of tokens.</summary>
    public decimal Cost { get; init; }

    /// <summary>Answers whose price is unknown; they are in none of the sums.</summary>
    public int OfUnknownPrice { get; init; }

    /// <summary>Requests that may have been billed without an answer.</summary>
    public int Uncertain { get; init; }

    /// <summary>USD they may have cost, by estimate; in none of the other sums.</summary>
    public decimal UncertainCost { get; init; }

    /// <summary>Pictures that were judged.</summary>
    public int Judgings { get; init; }

    /// <summary>USD that judging did cost; in none of the other sums.</summary>
    public decimal JudgingCost { get; init; }

    /// <summary>The same with a picture more that was judged.</summary>
    internal CostLine WithJudging(decimal? cost) =>
        this with { Judgings = Judgings + 1, JudgingCost = JudgingCost + (cost ?? 0) };

    /// <summary>What names the judging of a picture, so that it is counted once.</summary>
    internal static string JudgingOf(string? sha256) => $"judging {sha256}";

    /// <summary>Answers of rehearsals, offline: nothing was billed, and they are in none of the sums.</summary>
    public int Rehearsals { get; init; }

    /// <summary>The same with an answer more.</summary>
    internal CostLine WithAnswer(decimal? cost, decimal? estimate) => this with
    {
        Answers = Answers + 1,
        Cost = Cost + (cost ?? 0),
        // When one of the two is unknown, the other is not added either.
        EstimatedCost = EstimatedCost + (cost is null ? 0 : estimate ?? 0),
        OfUnknownPrice = OfUnknownPrice + (cost is null ? 1 : 0),
    };

    /// <summary>The same with a request more that may have been billed.</summary>
    internal CostLine WithUncertain(decimal? estimate) =>
        this with { Uncertain = Uncertain + 1, UncertainCost = UncertainCost + (estimate ?? 0) };

    /// <summary>The same with the numbers of another.</summary>
    internal CostLine With(CostLine other) => this with
    {
        Answers = Answers + other.Answers,
        EstimatedCost = EstimatedCost + other.EstimatedCost,
        Cost = Cost + other.Cost,
        OfUnknownPrice = OfUnknownPrice + other.OfUnknownPrice,
        Judgings = Judgings + other.Judgings,
        JudgingCost = JudgingCost + other.JudgingCost,
        Uncertain = Uncertain + other.Uncertain,
        UncertainCost = UncertainCost + other.UncertainCost,
        Rehearsals = Rehearsals + other.Rehearsals,
    };
}
