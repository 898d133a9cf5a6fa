using System.Collections;
using NanoBanana.Localization;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Codes of languages.</summary>
internal sealed class LanguageCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        Language.Known.Select(language => new Candidate(language.Code, language.Name));
}
