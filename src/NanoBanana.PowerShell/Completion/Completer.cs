using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>A completer that keeps the quotes as typed, never touches the network and never throws.</summary>
internal abstract class Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            (string quote, string word) = Split(wordToComplete ?? "");
            return [.. Candidates(fakeBoundParameters)
                .Where(candidate => candidate.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(candidate => new CompletionResult(
                    Quoted(candidate.Text, quote), candidate.Text, CompletionResultType.ParameterValue, candidate.ToolTip))];
        }
        // A completer that throws takes the whole list away from the user.
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>What may stand there, best first.</summary>
    protected abstract IEnumerable<Candidate> Candidates(IDictionary bound);

    /// <summary>The catalogue of the connection that is typed, or else of the runspace's.</summary>
    internal static ModelCatalogue CatalogueOf(IDictionary bound) =>
        (Bare(bound["Connection"]) as NbConnection ?? RunspaceState.Current.Connection)?.Catalogue ?? ModelCatalogue.BuiltIn;

    /// <summary>The model that is typed already; null when none is.</summary>
    internal static ModelInfo ModelOf(IDictionary bound)
    {
        ModelCatalogue catalogue = CatalogueOf(bound);
        string name = Bare(bound["Model"]) as string
            ?? (Bare(bound["Connection"]) as NbConnection ?? RunspaceState.Current.Connection)?.DefaultModel
            ?? catalogue.DefaultModel;
        return catalogue.Find(name) ?? catalogue.Find(catalogue.DefaultModel)!;
    }

    internal static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    /// <summary>The full path of a folder as typed; null when it cannot be known here.</summary>
    internal static string? Folder(string typed)
    {
        if (Path.IsPathFullyQualified(typed)) return typed;
        // While a pipeline runs, and completion is one, only a command may be asked where the shell is.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        PSObject? location = shell.AddCommand("Microsoft.PowerShell.Management\\Get-Location").AddParameter("PSProvider", "FileSystem")
            .Invoke().FirstOrDefault();
        return location?.BaseObject is PathInfo path ? Path.Combine(path.ProviderPath, typed) : null;
    }

    private static (string Quote, string Word) Split(string word) =>
        word.Length > 0 && word[0] is '\'' or '"' ? (word[..1], word[1..].TrimEnd(word[0])) : ("", word);

    private static string Quoted(string text, string quote)
    {
        if (quote.Length == 0 && text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ':')) return text;
        string mark = quote.Length == 0 ? "'" : quote;
        return mark + text.Replace(mark, mark + mark, StringComparison.Ordinal) + mark;
    }
}
