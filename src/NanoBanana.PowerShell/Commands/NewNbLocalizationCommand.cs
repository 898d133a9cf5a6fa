using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Localization;
using NanoBanana.PowerShell.Completion;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Prompts;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Writes the lettering of images in other languages: one branch of the image's conversation for each
/// language, read back by a judge and compared letter by letter.</summary>
[Cmdlet(VerbsCommon.New, "NbLocalization", SupportsShouldProcess = true, DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage))]
public sealed class NewNbLocalizationCommand : ImageCmdlet, IDynamicParameters
{
    private readonly LocalizationInputs _images = new();
    private ImmutableArray<(LocalizedText Text, string Order)> _orders = [];

    /// <summary>Codes of the languages, such as de, pt-BR or zh-Hant. Left out, all languages of the table.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LanguageCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Language { get; set; } = [];

    /// <summary>Code of the language in the picture now: the model is told to replace its texts, which must be in the
    /// table.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LanguageCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SourceLanguage { get; set; }

    /// <summary>Name of the prompt template that asks for the lettering.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    [ValidateNotNullOrEmpty]
    public string Template { get; set; } = LocalizedText.DefaultTemplate;

    /// <summary>How many calls may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    private protected override int Throttle => ThrottleLimit;

    // A piped image has its own Model and Size properties, which are not the requested ones.
    internal override bool IsRow => false;

    internal override bool SetsAside => true;

    /// <inheritdoc/>
    public object GetDynamicParameters() => _images;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Mistakes in the table or the template are reported before anything is paid for.
        PromptTemplate template = Demand(() => PromptLibrary.Load(UserFolders.Prompts).Find(Template));
        _orders = Demand(() => TableOf(_images.Text).Texts(Language, SourceLanguage, _images.TextName)
            .Select(text => (text, text.Order(template))).ToImmutableArray());
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach ((object input, NbImage image) in Images.Of(_images))
        {
            Input = input;
            foreach ((LocalizedText text, string order) in _orders)
            {
                Send(new ImageRequest { Prompt = order, Source = image, Lettering = text.Texts },
                    $"{StemOf(image)}.{text.Language.Code}");
            }
        }
    }

    /// <inheritdoc/>
    private protected override SaveTarget PlaceOf(ImageRequest asked, string? folder, string? stem)
    {
        string? file = Paths.In(folder, OutFile);
        // Saved beside its picture by default.
        folder ??= System.IO.Path.GetDirectoryName(file ?? asked.Source!.Path);
        return new SaveTarget(null, file is null ? folder : System.IO.Path.GetDirectoryName(file), Force, Session)
        {
            Stem = stem,
        };
    }

    /// <inheritdoc/>
    internal override NbImage? Made(PreparedRequest request, SaveTarget place, TryRule? rule)
    {
        if (Force || EditOnDisk.Find(request, place, rule) is not { } made) return null;
        WriteVerbose($"{made.Path} is up to date.");
        return made;
    }

    private string StemOf(NbImage image) => System.IO.Path.GetFileNameWithoutExtension(OutFile ?? image.Path)
        is { Length: > 0 } name ? name : ImageFile.StemFor(image);

    private LetteringTable TableOf(object text)
    {
        object? value = PSValue.Unwrapped(text);
        if (value is FileInfo file) return LetteringTable.Load(file.FullName);
        if (value is string path) return LetteringTable.Load(Paths.Full(path));
        return LetteringTable.From(Plain(text), "-Text");
    }

    // Converts rows and hashtables to names and values, at any depth.
    private static object? Plain(object? given) => PSValue.Unwrapped(given) switch
    {
        null => null,
        string text => text,
        IDictionary fields => fields.Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create($"{entry.Key}", Plain(entry.Value))).ToList(),
        PSCustomObject => PSObject.AsPSObject(given!).Properties
            .Select(cell => KeyValuePair.Create(cell.Name, Plain(cell.Value))).ToList(),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        var other => other,
    };
}
