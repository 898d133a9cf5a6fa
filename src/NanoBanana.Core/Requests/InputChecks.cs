using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Models;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>Checks input videos and documents against what the model takes.</summary>
internal static class InputChecks
{
    /// <param name="references">References that are not pictures.</param>
    /// <param name="model">The model; a model the catalog does not know is not checked.</param>
    /// <param name="catalog">The catalog, for naming models that accept the input.</param>
    /// <param name="warnings">Receives warnings.</param>
    /// <exception cref="NbException">The model does not accept such an input, or not so many, or not one so
    /// long.</exception>
    public static void Check(IEnumerable<Reference> references, ModelInfo model, ModelCatalog catalog,
        ImmutableArray<string>.Builder warnings)
    {
        foreach (IGrouping<string, Reference> kind in references.GroupBy(one => one.Picture.Format.Kind))
        {
            Reference[] all = [.. kind];
            if (model.IsKnown && !model.Inputs.Contains(kind.Key))
            {
                throw RequestErrors.UnsupportedKind(kind.Key, all[0].Picture.Name, model, catalog);
            }
            InputLimit limit = model.InputLimits.GetValueOrDefault(kind.Key) ?? new InputLimit();
            if (limit.Count is { } most && all.Length > most)
            {
                throw RequestErrors.InputTooLarge(string.Join(", ", all.Skip(most).Select(one => one.Picture.Name)),
                    FormattableString.Invariant($"the request has {all.Length} {kind.Key}s; {model.Id} takes {most}"));
            }
            foreach (Reference one in all) Check(one.Picture, limit, model, warnings);
        }
    }

    private static void Check(Picture input, InputLimit limit, ModelInfo model, ImmutableArray<string>.Builder warnings)
    {
        bool isDocument = input.Format.Kind == PictureFormat.Document;
        string unit = isDocument ? "pages" : "seconds";
        if (input.Address is null && limit.Bytes < input.Length)
        {
            throw RequestErrors.InputTooLarge(input.Name,
                $"it has {Readable.Bytes(input.Length)}; {model.Id} takes {Readable.Bytes(limit.Bytes.Value)}");
        }
        int? length = input.Address is null ? MediaLength.Of(input.Data, input.Format) : null;
        if (length > limit.Length)
        {
            throw RequestErrors.InputTooLarge(input.Name,
                FormattableString.Invariant($"it has {length} {unit}; {model.Id} takes {limit.Length}"));
        }
        if (length is null && model.Prices is not null)
        {
            int assumed = isDocument ? Pricing.AssumedPages : Pricing.AssumedSeconds;
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"The length of '{input.Name}' is unknown: the estimate counts {assumed} {unit} of it."));
        }
    }
}
