using System.Management.Automation;
using System.Reflection;

namespace EngineDouble;

/// <summary>One parameter of a cmdlet as its attributes declare it.</summary>
internal sealed class ShapeParameter
{
    private readonly PropertyInfo? _property;

    public ShapeParameter(PropertyInfo property)
    {
        _property = property;
        Name = property.Name;
        Type = property.PropertyType;
        object[] attributes = property.GetCustomAttributes(inherit: true);
        Sets = Declared(attributes);
        Aliases = [.. attributes.OfType<AliasAttribute>().SelectMany(alias => alias.AliasNames)];
        Transformations = [.. attributes.OfType<ArgumentTransformationAttribute>()];
        Validations = [.. attributes.OfType<ValidateArgumentsAttribute>()];
        Completer = attributes.OfType<ArgumentCompleterAttribute>().FirstOrDefault();
        AllowsNull = attributes.OfType<AllowNullAttribute>().Any();
        AllowsEmptyString = attributes.OfType<AllowEmptyStringAttribute>().Any();
        AllowsEmptyCollection = attributes.OfType<AllowEmptyCollectionAttribute>().Any();
        if (property.SetMethod is not { IsPublic: true })
        {
            throw new MetadataException($"Parameter '{Name}' has no public setter.");
        }
    }

    private ShapeParameter(string name, Type type, string[] aliases)
    {
        Name = name;
        Type = type;
        Aliases = aliases;
        Sets = new Dictionary<string, ParameterAttribute> { [ParameterAttribute.AllParameterSets] = new() };
        Transformations = [];
        Validations = [];
        AllowsNull = true;
    }

    public string Name { get; }

    public Type Type { get; }

    public IReadOnlyList<string> Aliases { get; }

    public IReadOnlyDictionary<string, ParameterAttribute> Sets { get; }

    public IReadOnlyList<ArgumentTransformationAttribute> Transformations { get; }

    public IReadOnlyList<ValidateArgumentsAttribute> Validations { get; }

    public ArgumentCompleterAttribute? Completer { get; }

    public bool AllowsNull { get; }

    public bool AllowsEmptyString { get; }

    public bool AllowsEmptyCollection { get; }

    public bool InAllSets => Sets.ContainsKey(ParameterAttribute.AllParameterSets);

    public bool MandatoryAnywhere => Sets.Values.Any(set => set.Mandatory);

    public bool TakesPipeline =>
        Sets.Values.Any(set => set.ValueFromPipeline || set.ValueFromPipelineByPropertyName);

    /// <summary>A parameter every cmdlet has from the engine: bound by name only, never set on the cmdlet.</summary>
    public static ShapeParameter Common<T>(string name, params string[] aliases) => new(name, typeof(T), aliases);

    public ParameterAttribute? In(string set) =>
        Sets.GetValueOrDefault(set) ?? Sets.GetValueOrDefault(ParameterAttribute.AllParameterSets);

    public bool IsNamed(string name) =>
        Aliases.Append(Name).Contains(name, StringComparer.OrdinalIgnoreCase);

    public bool MayBeShortFor(string prefix) =>
        Aliases.Append(Name).Any(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    public object? Get(Cmdlet cmdlet) => _property?.GetMethod is null ? null : _property.GetValue(cmdlet);

    public void Set(Cmdlet cmdlet, object? value) =>
        _property?.SetValue(cmdlet, value, BindingFlags.DoNotWrapExceptions, null, null, null);

    private Dictionary<string, ParameterAttribute> Declared(object[] attributes)
    {
        Dictionary<string, ParameterAttribute> sets = [];
        foreach (ParameterAttribute one in attributes.OfType<ParameterAttribute>())
        {
            if (!sets.TryAdd(one.ParameterSetName, one))
            {
                throw new MetadataException($"Parameter '{Name}' is declared twice in set '{one.ParameterSetName}'.");
            }
        }

        return sets;
    }
}
