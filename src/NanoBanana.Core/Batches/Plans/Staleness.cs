using System.Globalization;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Models;

namespace NanoBanana.Batches.Plans;

/// <summary>Explains why the picture of an evaluated item is out of date.</summary>
/// <param name="options">The options of the run.</param>
/// <param name="catalog">The catalog, which knows the retired models.</param>
internal sealed class Staleness(BatchOptions options, ModelCatalog catalog)
{
    /// <summary>The reason; null for a picture that is up to date.</summary>
    public string? Of(BatchNode node) => node.State switch
    {
        BatchItemState.UpToDate => Retired(node.Record?.Saved?.Model),
        BatchItemState.Pending => Pending(node),
        BatchItemState.Running or BatchItemState.Submitted => "is being made",
        BatchItemState.Succeeded => null,
        _ => node.Error?.Message ?? node.State.ToString(),
    };

    private string Pending(BatchNode node)
    {
        ItemRecord? record = node.Record;
        if (record?.Saved is not { } saved) return "was never made";
        if (node.Picture == PictureState.Gone) return "its picture is gone";
        if (node.IsReplaced) return "a forced run has yet to make it again";
        if (node.Source is { HasImage: false } source) return $"'{source.Name}', which it is made from, is made again";
        if (options.Edition is { } edition && edition != record.SavedEdition)
        {
            return record.SavedEdition is { } old ? $"was made for the edition {old}" : "was made for no edition";
        }
        bool isAsAsked = saved.ItemKey == node.ItemKey;
        if (isAsAsked && options.OlderThan is not null && record.SavedAt is { } made)
        {
            return string.Create(CultureInfo.InvariantCulture, $"was made on {made.ToLocalTime():yyyy-MM-dd}");
        }
        if (isAsAsked) return "is to be tried again";
        return node.DependsHash is not null && saved.RequestHash == node.Prepared.RequestHash
            ? "a file that it depends on has changed" : "what goes into it has changed";
    }

    private string? Retired(string? model)
    {
        var today = DateOnly.FromDateTime(options.TimeProvider.GetUtcNow().UtcDateTime);
        if (model is null || catalog.Find(model) is not { } known) return null;
        return known.IsRetiredOn(today) ? $"was made with {known.Id}, which is switched off"
            : known is { State: not "stable", Retirement.Shutdown: { } day } && day <= today
                ? string.Create(CultureInfo.InvariantCulture,
                    $"was made with {known.Id}, which is said to be switched off since {day:yyyy-MM-dd}")
                : null;
    }
}
