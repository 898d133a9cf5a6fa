using System.Collections;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes aspect ratios of the typed model, with their pixels.</summary>
internal sealed class AspectRatioCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        ModelInfo model = ModelOf(bound);
        ModelCatalog catalog = CatalogOf(bound);
        return model.Ratios.Select(ratio => new Candidate(ratio, string.Join(", ", model.Sizes.Select(size =>
            $"{size} {catalog.PixelsOf(model, ratio, size)}"))));
    }
}
