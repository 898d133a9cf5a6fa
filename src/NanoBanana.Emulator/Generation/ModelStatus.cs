using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>The model status in answers.</summary>
/// <param name="Stage">DEPRECATED, LEGACY and others.</param>
/// <param name="Message">A sentence for people, or null for the default one.</param>
internal sealed record ModelStatus(string Stage, string? Message)
{
    private const string UnknownEnd = "2027-01-31";

    /// <summary>The status of a deprecated model, or null for any other.</summary>
    public static ModelStatus? Of(ModelEntry model) => model.IsDeprecated ? new ModelStatus("DEPRECATED", null) : null;

    public WireObject ToWire(ModelEntry model)
    {
        string end = model.Shutdown ?? UnknownEnd;
        return new WireObject
        {
            { "modelStage", Stage },
            { "retirementTime", end + "T00:00:00Z" },
            { "message", Message ?? $"{model.Id} will be shut down on {end}." },
        };
    }
}
