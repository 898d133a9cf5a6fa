using System.Reflection;
using System.Runtime.CompilerServices;

namespace NanoBanana.Tests;

/// <summary>What is public in Core, held to a file: nothing becomes a promise by accident.</summary>
/// <remarks>With NB_UPDATE_BASELINE=1 the file is written instead; read the difference before you commit it.</remarks>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler writes for every record.
    private static readonly HashSet<string> OfRecords =
        ["Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "EqualityContract"];

    [Fact]
    public void The_public_surface_is_that_of_the_baseline()
    {
        string file = Baseline();
        string[] surface = [.. Surface()];
        if (Environment.GetEnvironmentVariable("NB_UPDATE_BASELINE") == "1") File.WriteAllLines(file, surface);
        string[] baseline = File.ReadAllLines(file);
        Assert.True(baseline.SequenceEqual(surface), string.Join('\n',
        [
            $"{Path.GetFileName(file)} differs. If it is meant, run this test with NB_UPDATE_BASELINE=1.",
            .. surface.Except(baseline).Select(line => "+ " + line),
            .. baseline.Except(surface).Select(line => "- " + line),
        ]));
    }

    private static IEnumerable<string> Surface() =>
        typeof(NbException).Assembly.GetExportedTypes().SelectMany(type => Members(type).Prepend(type.ToString()))
            .Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Members(Type type) =>
        from member in type.GetMembers(Declared)
        where IsVisible(member) && member.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        where !OfRecords.Contains(member.Name) && !member.Name.StartsWith('<')
        select $"{type}: {member}{Accessors(member)}";

    private static bool IsVisible(MemberInfo member) => member switch
    {
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        // Accessors: their property stands for them.
        MethodInfo { IsSpecialName: true } => false,
        MethodBase method => IsVisible(method),
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        _ => false,
    };

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Accessors(MemberInfo member) => member is not PropertyInfo property ? ""
        : $" {{{(property.GetMethod is { } get && IsVisible(get) ? " get;" : "")}"
            + $"{(property.SetMethod is { } set && IsVisible(set) ? " set;" : "")} }}";

    private static string Baseline()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "tests", "NanoBanana.Core.Tests", "PublicSurface.txt");
    }
}
