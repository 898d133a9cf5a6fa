using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace EngineDouble;

/// <summary>A cmdlet class as the engine reads it: name, parameters, sets.</summary>
internal sealed class CmdletShape
{
    private static readonly ConcurrentDictionary<Type, CmdletShape> Known = new();

    private CmdletShape(Type type)
    {
        Cmdlet = type.GetCustomAttribute<CmdletAttribute>()
            ?? throw new MetadataException($"{type.Name} has no [Cmdlet] attribute.");
        Info = new CmdletInfo(Cmdlet.VerbName, Cmdlet.NounName, type);
        Parameters =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.IsDefined(typeof(ParameterAttribute), inherit: true))
                .Select(property => new ShapeParameter(property)),
            .. Common(Cmdlet.SupportsShouldProcess),
        ];
        RefuseDoubledNames();
        SetNames = [.. Declared()];
    }

    public CmdletAttribute Cmdlet { get; }

    public CmdletInfo Info { get; }

    public string Name => Info.Name;

    public IReadOnlyList<ShapeParameter> Parameters { get; }

    /// <summary>All parameter sets; a cmdlet without named sets has the one the engine calls __AllParameterSets.</summary>
    public IReadOnlyList<string> SetNames { get; }

    public static CmdletShape Of(Type type) => Known.GetOrAdd(type, t => new CmdletShape(t));

    public ShapeParameter Find(string name)
    {
        if (Parameters.FirstOrDefault(parameter => parameter.IsNamed(name)) is { } exact)
        {
            return exact;
        }

        ShapeParameter[] candidates = [.. Parameters.Where(parameter => parameter.MayBeShortFor(name))];
        return candidates.Length switch
        {
            1 => candidates[0],
            0 => throw new ParameterBindingException(
                "NamedParameterNotFound",
                ErrorCategory.InvalidArgument,
                name,
                $"A parameter cannot be found that matches parameter name '{name}'."),
            _ => throw new ParameterBindingException(
                "AmbiguousParameter",
                ErrorCategory.InvalidArgument,
                name,
                $"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches: "
                + string.Join(' ', candidates.Select(parameter => $"-{parameter.Name}."))),
        };
    }

    private static IEnumerable<ShapeParameter> Common(bool shouldProcess)
    {
        yield return ShapeParameter.Common<SwitchParameter>("Verbose", "vb");
        yield return ShapeParameter.Common<SwitchParameter>("Debug", "db");
        yield return ShapeParameter.Common<ActionPreference>("ErrorAction", "ea");
        yield return ShapeParameter.Common<ActionPreference>("WarningAction", "wa");
        yield return ShapeParameter.Common<ActionPreference>("InformationAction", "infa");
        yield return ShapeParameter.Common<ActionPreference>("ProgressAction", "proga");
        yield return ShapeParameter.Common<string>("ErrorVariable", "ev");
        yield return ShapeParameter.Common<string>("WarningVariable", "wv");
        yield return ShapeParameter.Common<string>("InformationVariable", "iv");
        yield return ShapeParameter.Common<string>("OutVariable", "ov");
        yield return ShapeParameter.Common<int>("OutBuffer", "ob");
        yield return ShapeParameter.Common<string>("PipelineVariable", "pv");
        if (shouldProcess)
        {
            yield return ShapeParameter.Common<SwitchParameter>("WhatIf", "wi");
            yield return ShapeParameter.Common<SwitchParameter>("Confirm", "cf");
        }
    }

    private IEnumerable<string> Declared()
    {
        IEnumerable<string> named = Parameters
            .SelectMany(parameter => parameter.Sets.Keys)
            .Append(Cmdlet.DefaultParameterSetName ?? ParameterAttribute.AllParameterSets)
            .Where(set => set != ParameterAttribute.AllParameterSets)
            .Distinct();
        return named.DefaultIfEmpty(ParameterAttribute.AllParameterSets);
    }

    private void RefuseDoubledNames()
    {
        string? doubled = Parameters
            .SelectMany(parameter => parameter.Aliases.Append(parameter.Name))
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1)?.Key;
        if (doubled is not null)
        {
            throw new MetadataException($"{Name}: a parameter or alias named '{doubled}' is defined more than once.");
        }
    }
}
