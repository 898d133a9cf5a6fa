using System.Collections;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Kinds of the templates there are.</summary>
internal sealed class KindCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        TemplateCompleter.LibraryOf(bound).Templates.Select(template => template.Kind).Distinct()
            .Select(kind => new Candidate(kind));
}
