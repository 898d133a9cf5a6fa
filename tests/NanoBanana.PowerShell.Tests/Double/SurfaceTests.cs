using System.Management.Automation;
using System.Reflection;

namespace NanoBanana.PowerShell.Tests.Double;

/// <summary>The double must not offer what the engine lacks: a cmdlet that uses it would not compile, or would differ.</summary>
public sealed class SurfaceTests : IDisposable
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly EngineReference _reference = new();

    public void Dispose() => _reference.Dispose();

    [Fact]
    public void Every_member_of_the_double_exists_in_the_engine()
    {
        List<string> invented = [];
        foreach (Type type in typeof(Cmdlet).Assembly.GetExportedTypes().Where(IsEngine))
        {
            if (_reference.Engine.GetType(type.FullName!) is not { } real)
            {
                invented.Add(type.FullName!);
                continue;
            }

            HashSet<string> known = [.. Hierarchy(real).SelectMany(Signatures)];
            invented.AddRange(Signatures(type).Where(member => !known.Contains(member)).Select(member => $"{type.Name}: {member}"));
        }

        Assert.Empty(invented);
    }

    [Fact]
    public void Every_enumeration_has_the_engines_values()
    {
        IEnumerable<string> differing =
            from type in typeof(Cmdlet).Assembly.GetExportedTypes().Where(type => type.IsEnum && IsEngine(type))
            let real = _reference.Engine.GetType(type.FullName!)!
            from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
            where !Equals(field.GetRawConstantValue(), real.GetField(field.Name)?.GetRawConstantValue())
            select $"{type.Name}.{field.Name}";

        Assert.Empty(differing);
    }

    [Fact]
    public void The_verbs_are_the_engines_words()
    {
        IEnumerable<string> differing =
            from type in typeof(Cmdlet).Assembly.GetExportedTypes().Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            from field in type.GetFields()
            where !Equals(field.GetRawConstantValue(), _reference.Engine.GetType(type.FullName!)!.GetField(field.Name)?.GetRawConstantValue())
            select field.Name;

        Assert.Empty(differing);
    }

    private static bool IsEngine(Type type) =>
        type.Namespace!.StartsWith("System.Management.Automation", StringComparison.Ordinal);

    private static IEnumerable<Type> Hierarchy(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

    private static IEnumerable<string> Signatures(Type type) => type.GetMembers(Declared)
        .Where(IsVisible)
        .Select(member => member is MethodBase method
            ? $"{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.ToString()))})"
            : member.Name);

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic,
        _ => false,
    };
}
