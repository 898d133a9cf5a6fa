using System.Collections;
using System.Reflection;

namespace EngineDouble;

/// <summary>What stands behind a command's name: named values and values by position.</summary>
internal sealed record Arguments(IReadOnlyList<KeyValuePair<string, object?>> ByName, IReadOnlyList<object?> ByPosition)
{
    public static Arguments Of(object? named, object?[] positional) => new([.. Named(named)], positional);

    public static IEnumerable<KeyValuePair<string, object?>> Named(object? source) => source switch
    {
        null => [],
        IDictionary map => map.Keys.Cast<object>()
            .Select(key => KeyValuePair.Create(key.ToString()!, map[key])),
        string => throw new ArgumentException("Give parameters as new { Name = value }; a bare value goes by position."),
        _ => source.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => KeyValuePair.Create(property.Name, property.GetValue(source))),
    };
}
