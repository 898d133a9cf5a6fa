using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Errors;

/// <summary>Core names options and commands; each front end has a word for every name.</summary>
public sealed partial class WordListTests
{
    private static readonly Assembly Core = typeof(NbException).Assembly;

    private static readonly HashSet<string> Used =
    [
        .. AssemblyTexts.Literals(Core).Concat(AssemblyTexts.Resources(Core)).SelectMany(WordList.NamesIn),
        .. RequestOptionTable.All.Select(option => $"option:{option.Name}"),
    ];

    public static TheoryData<string> Lists => [.. Paths];

    private static IEnumerable<string> Paths =>
        Directory.EnumerateFiles(Sources(), "words.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Sources(), path));

    [Fact]
    public void The_cmdlets_and_nb_have_word_lists() => Assert.Superset(
        new HashSet<string> { "NanoBanana.PowerShell", "NanoBanana.Cli" },
        Paths.Select(path => Path.GetDirectoryName(path)!).ToHashSet());

    [Theory]
    [MemberData(nameof(Lists))]
    public void Every_name_has_a_word(string list) => Assert.Empty(Used.Except(Read(list).Names));

    [Theory]
    [MemberData(nameof(Lists))]
    public void Every_word_in_the_lists_is_used(string list) => Assert.Empty(Read(list).Names.Except(Used));

    [Fact]
    public void Many_names_are_in_use() => Assert.Superset(
        new HashSet<string> { "option:size", "command:models", "way:setAnchor" }, Used);

    [Fact]
    public void Core_contains_no_PowerShell_words() => Assert.DoesNotContain(
        AssemblyTexts.Literals(Core).Concat(AssemblyTexts.Resources(Core)), text => ShellWord().IsMatch(text));

    [Fact]
    public void The_words_of_nb_contain_no_PowerShell_words()
    {
        WordList nb = Read(Path.Combine("NanoBanana.Cli", "words.json"));
        Assert.DoesNotContain(nb.Names.Select(name => nb.Say($"{{{name}}}")), word => ShellWord().IsMatch(word));
    }

    [Theory]
    [InlineData("Use -Size 1K.")]
    [InlineData("Name it (-OutFile).")]
    [InlineData("Get-NbModel lists them.")]
    [InlineData("Import-Csv reads it.")]
    [InlineData("$Error[0] | Get-Error")]
    [InlineData("@{ subject = 'a fox' }")]
    public void The_check_finds_PowerShell_words(string text) => Assert.Matches(ShellWord(), text);

    [Fact]
    public void Names_are_replaced_by_words()
    {
        WordList words = Read("""{"option":{"size":"--size"},"command":{"models":"nb models"}}""");
        Assert.Equal("Use --size 1K; nb models lists them.",
            words.Say("Use {option:size} 1K; {command:models} lists them."));
    }

    [Fact]
    public void A_name_without_a_word_is_shown_as_it_is() =>
        Assert.Equal("Use size 1K.", WordList.Empty.Say("Use {option:size} 1K."));

    [Theory]
    [InlineData("kael")]
    [InlineData("a|b")]
    [InlineData("{option:size}")]
    [InlineData("100%7C {0} {1}")]
    public void A_way_inserts_its_values_unchanged(string value)
    {
        WordList words = Read("""{"way":{"setAnchor":"set {0}, then {1} or {2}"},"option":{"size":"--size"}}""");
        Assert.Equal($"Set it: set {value}, then b or {{2}}.",
            words.Say(WordList.Fill("Set it: {way:setAnchor}.", [value, "b"])));
    }

    [Fact]
    public void A_way_written_by_a_server_is_not_expanded_for_the_terminal()
    {
        WordList words = Read("""{"way":{"setAnchor":"set {0}"}}""");
        Assert.Equal("It says set [2Jx.", words.Say("It says {way:setAnchor|%1B%07[2Jx}."));
    }

    [Fact]
    public void Other_braces_are_left_alone() =>
        Assert.Equal("{\"items\":[]} {slots} {option:}", WordList.Empty.Say("{\"items\":[]} {slots} {option:}"));

    private static WordList Read(string text) => text[0] == '{'
        ? WordList.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)))
        : WordList.Read(new MemoryStream(File.ReadAllBytes(Path.Combine(Sources(), text))));

    private static string Sources()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "src");
    }

    // Parameters, cmdlets, variables and hashtables. Headers such as X-Goog-Upload-Status are none.
    [GeneratedRegex(@"(?<![\w*\]-])-[A-Z][a-z]+[A-Za-z]*"
        + @"|\b(?:Add|Compare|Connect|Convert|ConvertFrom|ConvertTo|Disconnect|Export|Find|ForEach|Format|Get|Group|"
        + @"Import|Install|Invoke|Measure|New|Out|Read|Receive|Remove|Save|Select|Set|Show|Sort|Start|Stop|Test|Wait|"
        + @"Where|Write)-[A-Z][A-Za-z]+"
        + @"|\$(?:Error|env:|image|_)|@\{")]
    private static partial Regex ShellWord();
}
