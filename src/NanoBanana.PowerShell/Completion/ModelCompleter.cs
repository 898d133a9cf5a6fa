using System.Collections;
using System.Globalization;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes models: aliases first, then ids, without retired models.</summary>
internal sealed class ModelCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);
        ModelInfo[] models = [.. CatalogOf(bound).Models.Where(model => !model.IsRetiredOn(today))];
        return models.SelectMany(model => model.Aliases.Select(alias => new Candidate(alias, Describe(model))))
            .Concat(models.Select(model => new Candidate(model.Id, Describe(model))));
    }

    private static string Describe(ModelInfo model)
    {
        string prices = model.Prices is null ? "" : ": " + string.Join(", ", model.Prices.Images.Select(price =>
            string.Create(CultureInfo.InvariantCulture, $"{price.Key} ${price.Value.Usd}")));
        string references = model.References.Total is { } total ? $", up to {total} references" : "";
        return $"{model.Name} ({model.Id}, {model.State}){prices}{references}";
    }
}
