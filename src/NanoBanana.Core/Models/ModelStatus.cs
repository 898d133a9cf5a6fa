using System.Globalization;

namespace NanoBanana.Models;

/// <summary>What the service's answers say about a model's retirement. It takes precedence over the catalog.</summary>
/// <param name="Stage">DEPRECATED, LEGACY, STABLE and others, in the service's own words; may be empty.</param>
/// <param name="Retirement">The day it is switched off; null when the service does not say.</param>
/// <param name="Message">The service's sentence; null for none.</param>
public sealed record ModelStatus(string Stage, DateOnly? Retirement, string? Message)
{
    /// <summary>Whether to warn: the model is to be retired.</summary>
    public bool IsEnding => Retirement is not null || Stage is "LEGACY" or "DEPRECATED" or "RETIRED";

    /// <summary>The model as the service sees it.</summary>
    /// <param name="model">The model as the catalog sees it.</param>
    public ModelInfo ApplyTo(ModelInfo model) => model with
    {
        State = Stage switch
        {
            "" => model.State,
            "LEGACY" => "deprecated",
            _ => Stage.ToLowerInvariant(),
        },
        Retirement = Retirement is null ? model.Retirement
            : (model.Retirement ?? new ModelRetirement()) with { Shutdown = Retirement, Confirmed = true },
        Note = Message is null ? model.Note : $"The service says: {Message}",
    };

    /// <summary>The warning that comes with an image.</summary>
    /// <param name="model">The model's id.</param>
    internal string ToWarning(string model)
    {
        string what = Stage.Length == 0 ? "is going to end" : $"is {Stage.ToLowerInvariant()}";
        string end = Retirement is { } day
            ? string.Create(CultureInfo.InvariantCulture, $"; it is switched off on {day:yyyy-MM-dd}") : "";
        return $"The service says that {model} {what}{end}.{(Message is null ? "" : " " + Message)}";
    }
}
