using System.Collections;
using System.Management.Automation;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes words, and keeps the quotes as typed.</summary>
internal abstract class WordCompleter : Completer
{
    /// <summary>The words there are, best first.</summary>
    protected abstract IEnumerable<Candidate> Candidates(IDictionary bound);

    /// <inheritdoc/>
    protected override IEnumerable<CompletionResult> Results(string typed, IDictionary bound)
    {
        (string quote, string word) = Split(typed);
        return Candidates(bound)
            .Where(candidate => candidate.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(candidate => new CompletionResult(
                Quoted(candidate.Text, quote), candidate.Text, CompletionResultType.ParameterValue, candidate.ToolTip));
    }
}
