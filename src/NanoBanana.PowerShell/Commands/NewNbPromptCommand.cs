using System.Collections;
using System.Management.Automation;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Prompts;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Writes a prompt from a template; pipe it into New-NbImage, or give it to Invoke-NbEdit. Sends
/// nothing.</summary>
[Cmdlet(VerbsCommon.New, "NbPrompt", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.None)]
[OutputType(typeof(string))]
public sealed class NewNbPromptCommand : NbCmdlet
{
    /// <summary>Name of the template, or the template.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public object Template { get; set; } = "";

    /// <summary>Values for the slots: a hashtable @{ subject = 'a fox' }, an object with such properties, or texts
    /// 'subject=a fox'. One prompt for each object of the pipeline.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SlotCompleter))]
    public object[] Value { get; set; } = [];

    /// <summary>A folder with templates of your own (.json).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string prompt = "";
        bool done = Try(
            () =>
            {
                PromptTemplate template = FindTemplate();
                prompt = template.Fill(ValuesFor(template));
            },
            Template);
        if (!done) return;
        if (ShouldProcess(prompt, "Write prompt")) WriteObject(prompt);
    }

    private PromptTemplate FindTemplate()
    {
        object value = PSValue.Unwrapped(Template)!;
        return value as PromptTemplate
            ?? PromptLibrary.Load(Paths.FullOrNull(Path) ?? UserFolders.Prompts).Find(value.ToString()!);
    }

    private Dictionary<string, string> ValuesFor(PromptTemplate template)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (object item in Value)
        {
            switch (PSValue.Unwrapped(item))
            {
                case IDictionary table:
                    foreach (DictionaryEntry entry in table) values[$"{entry.Key}"] = $"{entry.Value}";
                    break;
                case string text when text.IndexOf('=', StringComparison.Ordinal) is > 0 and int at:
                    values[text[..at].Trim()] = text[(at + 1)..];
                    break;
                case PSCustomObject:
                    // A row may have columns for other commands.
                    foreach (PromptSlot slot in template.Slots)
                    {
                        if (((PSObject)item).Properties[slot.Name] is { } property)
                        {
                            values[slot.Name] = $"{property.Value}";
                        }
                    }
                    break;
                default:
                    throw TemplateErrors.NotSlotValues($"{item}");
            }
        }
        return values;
    }
}
