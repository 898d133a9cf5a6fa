using System.Reflection;

namespace NanoBanana.PowerShell.Tests.Shipped;

/// <summary>What the module folder promises, checked without running a line of it.</summary>
public sealed class ShippedModuleTests : IDisposable
{
    // Verbs whose cmdlets send, write or remove something: they must be able to say what they would do.
    private static readonly string[] Doing =
        ["New", "Invoke", "Set", "Remove", "Save", "Start", "Stop", "Export", "Convert"];

    // What the service may extend at any time: completed from the catalog, never closed in the cmdlet.
    private static readonly string[] OpenWords =
        ["Model", "AspectRatio", "Size", "ThinkingLevel", "SafetyThreshold", "Grounding"];

    private readonly Manifest _manifest = Manifest.OfModule();
    private readonly EngineReference _reference = new(BuildPath.ModuleFolder);
    private readonly Assembly _module;
    private readonly IReadOnlyList<ShippedCmdlet> _cmdlets;

    public ShippedModuleTests()
    {
        _module = _reference.Load(Path.Combine(BuildPath.ModuleFolder, _manifest.Value("RootModule")));
        _cmdlets = ShippedCmdlet.In(_module);
    }

    public void Dispose() => _reference.Dispose();

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are()
    {
        Assert.NotEmpty(_cmdlets);
        Assert.Equal(_cmdlets.Select(cmdlet => cmdlet.Name).Order(), _manifest.List("CmdletsToExport").Order());
    }

    [Fact]
    public void The_manifest_exports_exactly_the_aliases_there_are() => Assert.Equal(
        _cmdlets.SelectMany(cmdlet => cmdlet.Aliases).Order(), _manifest.List("AliasesToExport").Order());

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("VariablesToExport")]
    public void Nothing_else_is_exported(string list) => Assert.Empty(_manifest.List(list));

    [Fact]
    public void Verbs_are_approved_and_nouns_are_ours()
    {
        HashSet<string> approved =
        [
            .. _reference.Engine.GetExportedTypes()
                .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
                .SelectMany(type => type.GetFields())
                .Select(field => (string)field.GetRawConstantValue()!),
        ];

        Assert.All(_cmdlets, cmdlet =>
        {
            Assert.Contains(cmdlet.Verb, approved);
            Assert.StartsWith("Nb", cmdlet.Noun, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_cmdlet_declares_its_output() =>
        Assert.DoesNotContain(_cmdlets, cmdlet =>
            !cmdlet.DeclaresOutput && cmdlet.Verb is not ("Disconnect" or "Remove" or "Stop"));

    [Fact]
    public void Every_cmdlet_that_does_something_can_say_what_it_would_do() => Assert.Empty(
        _cmdlets.Where(cmdlet => Doing.Contains(cmdlet.Verb) && !cmdlet.AsksShouldProcess)
            .Select(cmdlet => cmdlet.Name));

    [Fact]
    public void A_secret_is_a_secure_string()
    {
        IEnumerable<string> open =
            from cmdlet in _cmdlets
            from parameter in cmdlet.Parameters
            where parameter.Name.EndsWith("Key", StringComparison.Ordinal)
                || parameter.Name.EndsWith("Token", StringComparison.Ordinal)
            where parameter.PropertyType.FullName != "System.Security.SecureString"
            select $"{cmdlet.Name} -{parameter.Name}";

        Assert.Empty(open);
    }

    [Fact]
    public void Parameters_with_the_services_values_accept_any_value()
    {
        IEnumerable<string> closed =
            from cmdlet in _cmdlets
            from parameter in cmdlet.Parameters
            where OpenWords.Contains(parameter.Name)
            where parameter.PropertyType.IsEnum || ShippedCmdlet.Attributes(parameter, "ValidateSetAttribute").Any()
            select $"{cmdlet.Name} -{parameter.Name}";

        Assert.Empty(closed);
    }

    [Fact]
    public void The_folder_holds_our_assemblies_only() => Assert.All(
        Directory.EnumerateFiles(BuildPath.ModuleFolder, "*.dll").Select(path => Path.GetFileName(path)),
        name => Assert.StartsWith("NanoBanana.", name, StringComparison.Ordinal));

    [Fact]
    public void Every_file_the_manifest_names_is_there()
    {
        IEnumerable<string> named = _manifest.List("FormatsToProcess").Append(_manifest.Value("RootModule"));
        Assert.All(named, name => Assert.True(File.Exists(Path.Combine(BuildPath.ModuleFolder, name)), name));
    }

    [Fact]
    public void The_assembly_runs_on_the_oldest_powershell_the_manifest_allows()
    {
        Assert.Equal("7.4", _manifest.Value("PowerShellVersion"));
        CustomAttributeData target = _module.GetCustomAttributesData()
            .Single(attribute => attribute.AttributeType.Name == "TargetFrameworkAttribute");
        Assert.Equal(".NETCoreApp,Version=v8.0", target.ConstructorArguments[0].Value);
    }

    [Fact]
    public void The_manifest_and_the_assembly_are_of_one_version() =>
        Assert.Equal(_module.GetName().Version!.ToString(3), _manifest.Value("ModuleVersion"));

    // Import time grows with what the engine has to look through, and every public type is a promise.
    [Fact]
    public void No_type_is_public_by_accident()
    {
        // What users hold, the base classes of the cmdlets, and what the engine itself looks for.
        string[] meant =
        [
            "NbBatch", "NbConnection", "NbCost", "NbEmulator", "NbWeb",
            "AnchorCmdlet", "BatchCmdlet", "EmulatorCmdlet", "GivenBatchCmdlet", "GivenImageCmdlet",
            "ImageCmdlet", "JudgingCmdlet", "ManyImagesCmdlet", "NbCmdlet",
            "PictureCmdlet", "PictureMakerCmdlet", "RequestCmdlet", "ServiceCmdlet", "StoppableCmdlet",
            "ModuleCleanup", "ReadOnlyAdapter",
        ];
        string[] others = [.. _module.GetExportedTypes()
            .Where(type => !ShippedCmdlet.Attributes(type, "CmdletAttribute").Any())
            .Select(type => type.Name)];
        Assert.Equal(meant.Order(), others.Order());
    }
}
