using System.Reflection;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Tests.Shipped;

/// <summary>A cmdlet class of the shipped assembly, read as data: the reference engine's code must not run.</summary>
internal sealed class ShippedCmdlet
{
    private readonly Type _type;
    private readonly CustomAttributeData _cmdlet;

    private ShippedCmdlet(Type type, CustomAttributeData cmdlet)
    {
        _type = type;
        _cmdlet = cmdlet;
    }

    public string Verb => (string)_cmdlet.ConstructorArguments[0].Value!;

    public string Noun => (string)_cmdlet.ConstructorArguments[1].Value!;

    public string Name => $"{Verb}-{Noun}";

    public bool AsksShouldProcess => _cmdlet.NamedArguments
        .Any(argument => argument is { MemberName: "SupportsShouldProcess", TypedValue.Value: true });

    public bool DeclaresOutput => Attributes(_type, "OutputTypeAttribute").Any();

    public IEnumerable<string> Aliases => Attributes(_type, "AliasAttribute")
        .SelectMany(alias => (IEnumerable<CustomAttributeTypedArgument>)alias.ConstructorArguments[0].Value!)
        .Select(argument => (string)argument.Value!);

    public IEnumerable<PropertyInfo> Parameters => DynamicTypes.Prepend(_type)
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        .Where(property => Attributes(property, "ParameterAttribute").Any());

    // A cmdlet or its base class keeps its dynamic parameters in a field.
    private IEnumerable<Type> DynamicTypes => _type.GetInterface("IDynamicParameters") is null ? []
        : Lineage.SelectMany(type =>
            type.GetFields(BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Select(held => held.FieldType)
        .Where(type => nameof(ImageInputs) is var name && (type.Name == name || type.BaseType?.Name == name));

    private IEnumerable<Type> Lineage
    {
        get
        {
            for (Type? type = _type; type is not null; type = type.BaseType) yield return type;
        }
    }

    public static IReadOnlyList<ShippedCmdlet> In(Assembly module) =>
    [
        .. from type in module.GetTypes()
           from attribute in Attributes(type, "CmdletAttribute")
           where !type.IsAbstract
           select new ShippedCmdlet(type, attribute),
    ];

    public static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) => member
        .GetCustomAttributesData()
        .Where(attribute => attribute.AttributeType.Name == name);

    public override string ToString() => Name;
}
