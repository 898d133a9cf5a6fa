using System.Collections;
using System.Globalization;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes sizes of the typed model, with their price.</summary>
internal sealed class SizeCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        ModelInfo model = ModelOf(bound);
        return model.Sizes.Select(size =>
            new Candidate(size, model.Prices?.Images.TryGetValue(size, out ImagePrice? price) == true
            ? string.Create(CultureInfo.InvariantCulture, $"{size}: ${price.Usd} an image")
            : size));
    }
}
