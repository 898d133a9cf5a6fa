using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Reports;

/// <summary>The cost of answers: of one model in one folder on one day, or a sum of such lines.</summary>
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

    /// <summary>Number of answers, with or without a picture.</summary>
    public int Answers { get; init; }

    /// <summary>Expected cost in USD.</summary>
    public decimal EstimatedCost { get; init; }

    /// <summary>Actual cost in USD, from the service's token counts.</summary>
    public decimal Cost { get; init; }

    /// <summary>Number of answers of unknown price, which are in none of the sums.</summary>
    public int OfUnknownPrice { get; init; }

    /// <summary>Requests that may have been billed without an answer.</summary>
    public int Uncertain { get; init; }

    /// <summary>Estimated cost in USD of these; in none of the other sums.</summary>
    public decimal UncertainCost { get; init; }

    /// <summary>Pictures that were judged.</summary>
    public int Judgings { get; init; }

    /// <summary>Cost of judging in USD; in none of the other sums.</summary>
    public decimal JudgingCost { get; init; }

    /// <summary>The line with another judged picture added.</summary>
    internal CostLine WithJudging(decimal? cost) =>
        this with { Judgings = Judgings + 1, JudgingCost = JudgingCost + (cost ?? 0) };

    /// <summary>Identifies the judging of a picture, so that it is counted once.</summary>
    internal static string JudgingOf(string? sha256) => $"judging {sha256}";

    /// <summary>Number of answers of offline rehearsals: nothing was billed, and they are in none of the
    /// sums.</summary>
    public int Rehearsals { get; init; }

    /// <summary>The line with another answer added.</summary>
    internal CostLine WithAnswer(decimal? cost, decimal? estimate) => this with
    {
        Answers = Answers + 1,
        Cost = Cost + (cost ?? 0),
        // When either of the two is unknown, neither is added.
        EstimatedCost = EstimatedCost + (cost is null ? 0 : estimate ?? 0),
        OfUnknownPrice = OfUnknownPrice + (cost is null ? 1 : 0),
    };

    /// <summary>The line with another request that may have been billed.</summary>
    internal CostLine WithUncertain(decimal? estimate) =>
        this with { Uncertain = Uncertain + 1, UncertainCost = UncertainCost + (estimate ?? 0) };

    /// <summary>The line with the numbers of another one added.</summary>
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
