using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using NanoBanana.Models;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Completion;

/// <summary>A completer that never touches the network and never throws.</summary>
internal abstract partial class Completer : IArgumentCompleter
{
    /// <summary>The parameter that is completed.</summary>
    protected string Parameter { get; private set; } = "";

    /// <summary>The command that is being typed.</summary>
    protected CommandAst? Command { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
            IDictionary fakeBoundParameters)
    {
        try
        {
            Parameter = parameterName;
            Command = commandAst;
            return [.. Results(wordToComplete ?? "", fakeBoundParameters)];
        }
        // An exception would hide the whole list from the user.
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>The completions, best first.</summary>
    /// <param name="typed">The word so far, its quotes included.</param>
    /// <param name="bound">The values of other parameters, as far as they are known before the line runs.</param>
    protected abstract IEnumerable<CompletionResult> Results(string typed, IDictionary bound);

    /// <summary>The catalog of the typed connection, otherwise of the runspace's.</summary>
    internal static ModelCatalog CatalogOf(IDictionary bound) => ConnectionOf(bound)?.Catalog ?? ModelCatalog.BuiltIn;

    /// <summary>The typed connection, otherwise the runspace's; null when there is none.</summary>
    internal static NbConnection? ConnectionOf(IDictionary bound) =>
        PSValue.Unwrapped(bound["Connection"]) as NbConnection ?? RunspaceState.Current.Connection;

    /// <summary>The typed model, otherwise the one that would be used.</summary>
    internal static ModelInfo ModelOf(IDictionary bound)
    {
        ModelCatalog catalog = CatalogOf(bound);
        string name = PSValue.Unwrapped(bound["Model"]) as string ?? ConnectionOf(bound)?.DefaultModel
            ?? catalog.DefaultModel;
        return catalog.Find(name) ?? catalog.Find(catalog.DefaultModel)!;
    }

    /// <summary>The full path of a folder as typed; null when it cannot be known here.</summary>
    internal static string? Folder(string typed)
    {
        if (Path.IsPathFullyQualified(typed)) return typed;
        // Completion runs inside a pipeline, where only a command can get the current location.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        PSObject? location = shell.AddCommand("Microsoft.PowerShell.Management\\Get-Location")
            .AddParameter("PSProvider", "FileSystem")
            .Invoke().FirstOrDefault();
        return location?.BaseObject is PathInfo path ? Path.Combine(path.ProviderPath, typed) : null;
    }

    /// <summary>The typed word without its quotes, and its opening quote.</summary>
    internal static (string Quote, string Word) Split(string typed) =>
        typed.Length > 0 && typed[0] is '\'' or '"' ? (typed[..1], typed[1..].TrimEnd(typed[0])) : ("", typed);

    /// <summary>A text in its opening quotes, or in the quotes it needs.</summary>
    internal static string Quoted(string text, string quote)
    {
        if (quote.Length == 0 && text.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '\\'))
        {
            return text;
        }
        return quote == "\""
            ? $"\"{Expandable().Replace(text, "`$0")}\""
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    // Escapes characters with a special meaning in double quotes.
    [GeneratedRegex("[`$\"]", RegexOptions.CultureInvariant)]
    private static partial Regex Expandable();
}
