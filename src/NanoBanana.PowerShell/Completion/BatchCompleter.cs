using System.Collections;
using System.Management.Automation;
using NanoBanana.Batches;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes folders of batches: those here, those this session has started elsewhere, then folders that lead
/// to others.</summary>
internal sealed class BatchCompleter : Completer
{
    protected override IEnumerable<CompletionResult> Results(string typed, IDictionary bound)
    {
        (string quote, string word) = Split(typed);
        CompletionResult[] folders = [.. CompletionCompleters.CompleteFilename(typed)
            .Where(path => path.ResultType == CompletionResultType.ProviderContainer)];
        IEnumerable<CompletionResult> started = RunspaceState.Current.Batches
            .Where(batch => !folders.Any(folder => folder.ToolTip == batch.Destination))
            .Where(batch => new[] { batch.Destination, Path.GetFileName(batch.Destination) }.Any(name =>
                name.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
            .Select(batch => new CompletionResult(
                Quoted(batch.Destination, quote), batch.Destination, CompletionResultType.ParameterValue,
                    $"{batch.State}: {batch.Summary}"));
        ILookup<bool, CompletionResult> here =
            folders.ToLookup(folder => Batch.IsAt(folder.ToolTip));
        return [.. here[true], .. started, .. here[false]];
    }
}
