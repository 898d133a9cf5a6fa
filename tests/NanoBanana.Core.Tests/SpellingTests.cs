using System.Text.RegularExpressions;

namespace NanoBanana.Tests;

/// <summary>American spelling in whatever is read: code, help, messages, tests.</summary>
/// <remarks>What is sent to a model stays as it is, since another word would be another request.</remarks>
public sealed partial class SpellingTests
{
    private static readonly string[] Places =
    [
        "src", "docs", "module", "tests", "examples", "bench", "tools", "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
            "build.ps1",
    ];

    private static readonly string[] Kinds =
        [".cs", ".md", ".txt", ".xml", ".json", ".ps1", ".psd1", ".ps1xml", ".csproj", ".js", ".mjs", ".html", ".css"];

    // Prompts; what a judge is asked, in anybody's spelling; names of packages; this list.
    private static readonly string[] Exempt =
    [
        "composition.json", "prompts.json", "keycolors.json", "campaign.json", "Aspects.cs", "SpellingTests.cs",
        "package-lock.json",
    ];

    [Fact]
    public void No_file_has_British_spellings() => Assert.DoesNotContain(
        Lines(), line => IsBritish(line.Text));

    [Fact]
    public void Names_of_files_and_folders_are_American_too() =>
        Assert.DoesNotContain(Files(), path => IsBritish(Path.GetRelativePath(Repository(), path)));

    [Fact]
    public void Code_help_and_tests_are_read() => Assert.Superset(
        new HashSet<string> { ".cs", ".md", ".xml", ".ps1", ".txt" },
        Files().Select(path => Path.GetExtension(path)).ToHashSet());

    [Theory]
    [InlineData("The catalogue holds it.")]
    [InlineData("ModelCatalogue")]
    [InlineData("two_coloured_areas")]
    [InlineData("the job was cancelled")]
    [InlineData("it is organised so")]
    [InlineData("the centre of the grey area")]
    public void A_British_spelling_is_found(string text) => Assert.True(IsBritish(text));

    [Theory]
    [InlineData("realistic, precise and exercised otherwise; advertised, promised, raised")]
    [InlineData("BATCH_STATE_CANCELLED, BatchState.Cancelled, \"cancelled\"")]
    [InlineData("cancellation of a canceled job")]
    public void An_American_spelling_or_a_word_of_the_service_is_not(string text) => Assert.False(IsBritish(text));

    private static bool IsBritish(string text) => British().IsMatch(OfTheService().Replace(text, ""));

    private static IEnumerable<string> Files() => Places.Select(place => Path.Combine(Repository(), place))
        .SelectMany(place => Directory.Exists(place)
            ? Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories) : [place])
        .Where(path => Kinds.Contains(Path.GetExtension(path)) && !Exempt.Contains(Path.GetFileName(path))
            && !path.Contains("node_modules", StringComparison.Ordinal)
            && !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static IEnumerable<(string Place, string Text)> Lines() => Files().SelectMany(path =>
        File.ReadLines(path).Select((line, at) => ($"{Path.GetRelativePath(Repository(), path)}({at + 1})", line)));

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    // The service spells the state of a job so.
    [GeneratedRegex(@"(?:BatchState|InteractionStatus)\.Cancell(?:ed|ing)|(?<=[""'`])cancelled(?=[""'`])"
        + @"|^\s*(?:public const string )?Cancell(?:ed|ing)\b|\b[A-Z_]*CANCELL(?:ED|ING)\b")]
    private static partial Regex OfTheService();

    [GeneratedRegex("catalogue|colour|behaviour|favour|neighbour|honour|labour|flavour|rumour|harbour|endeavour|vapour"
        + "|(?:anal|paral|catal)yse|licence|defence|offence|pretence|centre|centring|metre\\b|theatre|fibre|calibre"
        + "|(?:organ|recogn|serial|initial|normal|optim|summar|minim|maxim|custom|capital|util|special|visual|synchron"
        + "|author|categor|prior|general|standard|emphas|apolog|critic|local|final|material|memor|stabil|token|random"
        + "|sanit|character)is(?:e|ed|es|ing|ation)(?![a-z])"
        + "|(?<![a-z])realis(?:e|ed|es|ing|ation)(?![a-z])|(?<![a-z])grey"
        + "|(?:cancel|label|model|travel|signal|marshal|level|tunnel|equal|total)l(?:ed|ing|er)(?![a-z])"
        + "|fulfil(?!l)|skilful|judgement|artefact|whilst|learnt|spelt\\b|programme(?![dr])|dialogue|aluminium|tyre"
        + "|mould|plough|sceptic|cheque(?!r)|storey|enquir", RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
