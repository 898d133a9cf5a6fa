using System.Reflection;
using System.Text.RegularExpressions;

namespace NanoBanana.PowerShell.Tests.Shipped;

/// <summary>What advice says in PowerShell's words can be typed: its cmdlets and parameters exist.</summary>
public sealed partial class WordsTests : IDisposable
{
    private readonly EngineReference _reference = new(BuildPath.ModuleFolder);
    private readonly IReadOnlyList<ShippedCmdlet> _cmdlets;

    public WordsTests()
    {
        Assembly module = _reference.Load(
            Path.Combine(BuildPath.ModuleFolder, Manifest.OfModule().Value("RootModule")));
        _cmdlets = ShippedCmdlet.In(module);
    }

    public void Dispose() => _reference.Dispose();

    [Fact]
    public void Every_option_is_a_parameter()
    {
        HashSet<string> parameters =
            [.. _cmdlets.SelectMany(cmdlet => cmdlet.Parameters).Select(parameter => "-" + parameter.Name)];
        // Such as: -JudgePath of Connect-NbService.
        Assert.DoesNotContain(Words("option"), word => !parameters.Contains(word.Split(" of ")[0]));
    }

    [Fact]
    public void Every_command_is_a_cmdlet_with_these_parameters() =>
        Assert.Empty(Words("command").Concat(Words("way")).SelectMany(Unknown));

    [Fact]
    public void An_unknown_parameter_is_found() =>
        Assert.Equal(["Get-NbModel -Nowhere"], Unknown("Get-NbModel -Available (Read-Host -Other) -Nowhere"));

    private static IEnumerable<string> Words(string kind)
    {
        WordList words = ErrorRecords.Words;
        return words.Names.Where(name => name.StartsWith(kind, StringComparison.Ordinal))
            .Select(name => words.Say($"{{{name}}}"));
    }

    // What stands in parentheses is another command.
    private IEnumerable<string> Unknown(string text) =>
        from Match typed in Typed().Matches(Parentheses().Replace(text, ""))
        let cmdlet = _cmdlets.SingleOrDefault(cmdlet => cmdlet.Name == typed.Groups["name"].Value)
        from parameter in Parameter().Matches(typed.Groups["rest"].Value).Select(match => match.Value).Prepend("")
        where cmdlet is null
            || (parameter.Length > 0 && !cmdlet.Parameters.Any(known => "-" + known.Name == parameter))
        select $"{typed.Groups["name"]} {parameter}".TrimEnd();

    [GeneratedRegex(@"(?<!Get-Help )(?<name>[A-Z][a-z]+-Nb[A-Za-z]+)(?<rest>(?:(?![A-Z][a-z]+-[A-Z])[^|])*)")]
    private static partial Regex Typed();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"(?<=\s)-[A-Z][A-Za-z]+")]
    private static partial Regex Parameter();
}
