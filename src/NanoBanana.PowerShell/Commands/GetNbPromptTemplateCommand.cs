using System.Management.Automation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Prompts;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Lists prompt templates with their slots.</summary>
[Cmdlet(VerbsCommon.Get, "NbPromptTemplate")]
[OutputType(typeof(PromptTemplate))]
public sealed class GetNbPromptTemplateCommand : NbCmdlet
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only templates of this kind: generate, edit.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string? Kind { get; set; }

    /// <summary>A folder with templates of your own (.json).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        PromptLibrary library = Demand(() => PromptLibrary.Load(Paths.FullOrNull(Path) ?? UserFolders.Prompts));
        foreach (string name in Name)
        {
            IEnumerable<PromptTemplate> found = [];
            if (Try(() => found = Matching(library, name), name)) WriteObject(found, enumerateCollection: true);
        }
    }

    private static PromptTemplate Worded(PromptTemplate template) => template with
    {
        Description = ErrorRecords.Words.Say(template.Description),
        Advice = template.Advice is { } advice ? ErrorRecords.Words.Say(advice) : null,
    };

    private PromptTemplate[] Matching(PromptLibrary library, string name)
    {
        var pattern = new NamePattern(name);
        IEnumerable<PromptTemplate> named = pattern.IsWildcard
            ? library.Templates.Where(template => pattern.Matches(template.Name))
            : [library.Find(name)];
        return [.. named.Where(template =>
            Kind is null || string.Equals(template.Kind, Kind, StringComparison.OrdinalIgnoreCase)).Select(Worded)];
    }
}
