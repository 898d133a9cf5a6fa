using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NanoBanana.PowerShell.Tests.Shipped;

/// <summary>What a parameter is for stands in its XML comment. Its page repeats that word for word, and may go on; the
/// shipped help is made of the page (tests/Pester/Help.Tests.ps1).</summary>
public sealed partial class ParameterSentenceTests : IDisposable
{
    private static readonly string Pages = Path.Combine(BuildPath.ModuleFolder, "..", "..", "docs", "en-US");

    private readonly EngineReference _reference = new(BuildPath.ModuleFolder);
    private readonly IReadOnlyList<ShippedCmdlet> _cmdlets;

    public ParameterSentenceTests() => _cmdlets = ShippedCmdlet.In(
        _reference.Load(Path.Combine(BuildPath.ModuleFolder, Manifest.OfModule().Value("RootModule"))));

    public void Dispose() => _reference.Dispose();

    [Fact]
    public void A_page_begins_with_the_sentence_of_the_XML_comment()
    {
        Dictionary<string, string> comments = Comments();
        IEnumerable<string> different =
            from cmdlet in _cmdlets
            let sentences = Sentences(cmdlet.Name)
            from parameter in cmdlet.Parameters
            let comment = CommentOf(parameter, comments)
            where !(sentences.GetValueOrDefault(parameter.Name) ?? "").StartsWith(comment, StringComparison.Ordinal)
            select $"{cmdlet.Name} -{parameter.Name}: {comment}";

        Assert.Empty(different);
    }

    [Fact]
    public void Every_parameter_has_a_comment()
    {
        Dictionary<string, string> comments = Comments();
        Assert.All(_cmdlets.SelectMany(cmdlet => cmdlet.Parameters), parameter =>
            Assert.NotEmpty(CommentOf(parameter, comments)));
    }

    // An override says what its base says.
    private static string CommentOf(PropertyInfo parameter, Dictionary<string, string> comments)
    {
        for (Type? type = parameter.DeclaringType; type is not null; type = type.BaseType)
        {
            if (comments.TryGetValue($"P:{type.FullName}.{parameter.Name}", out string? comment)) return comment;
        }
        return "";
    }

    private static Dictionary<string, string> Comments() =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, "NanoBanana.PowerShell.xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(
                member => member.Attribute("name")!.Value, member => OneLine(member.Element("summary")!.Value));

    private static Dictionary<string, string> Sentences(string cmdlet) =>
        Parameter().Matches(File.ReadAllText(Path.Combine(Pages, $"{cmdlet}.md")).Replace("\r", ""))
            .ToDictionary(match => match.Groups[1].Value, match => OneLine(match.Groups[2].Value));

    private static string OneLine(string text) => Space().Replace(text, " ").Trim();

    [GeneratedRegex(@"(?ms)^### -(\w+)\n(.*?)```yaml")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
