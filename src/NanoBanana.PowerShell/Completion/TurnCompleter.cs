using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Turns with an image, of the image that is edited: that of -Path, of a variable, or of the file that the
/// pipeline begins with.</summary>
internal sealed class TurnCompleter : WordCompleter
{
    private static readonly string[] Sources = ["InputObject", "Path", "LiteralPath"];

    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        Edited(bound) is { } image
            ? ImageHistory.Of(image).Where(turn => turn.Images.Length > 0).Select(turn => new Candidate(
                turn.Index.ToString(CultureInfo.InvariantCulture), turn.ToString()))
            : [];

    private NbImage? Edited(IDictionary bound) =>
        Sources.Select(name => Found(bound[name]))
            .FirstOrDefault(one => one is not null)
            ?? (Command?.Parent as PipelineAst)?.PipelineElements.TakeWhile(part => part != Command)
                .Select(Piped).LastOrDefault(one => one is not null);

    private static NbImage? Found(object? given) => PSValue.Unwrapped(given) switch
    {
        NbImage image => image,
        string path when Folder(path) is { } full && File.Exists(full) => ImageFile.Import(full),
        object[] several => several.Select(Found).FirstOrDefault(one => one is not null),
        _ => null,
    };

    // Nothing is run: only variables and plain words are looked at.
    private static NbImage? Piped(CommandBaseAst part) => part switch
    {
        CommandExpressionAst { Expression: VariableExpressionAst variable } =>
            Found(ValueOf(variable.VariablePath.UserPath)),
        CommandAst command => command.CommandElements.Skip(1).OfType<StringConstantExpressionAst>()
            .Select(word => Found(word.Value)).FirstOrDefault(one => one is not null),
        _ => null,
    };

    private static object? ValueOf(string variable)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Microsoft.PowerShell.Utility\\Get-Variable").AddParameter("Name", variable)
            .AddParameter("ValueOnly").Invoke().FirstOrDefault();
    }
}
