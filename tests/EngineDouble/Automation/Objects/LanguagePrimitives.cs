using System.Collections;
using EngineDouble;

namespace System.Management.Automation;

public static class LanguagePrimitives
{
    public static bool IsTrue(object? obj) => Conversion.IsTrue(obj);

    public static IEnumerable? GetEnumerable(object? obj) =>
        PSObject.Base(obj) is IEnumerable many and not (string or IDictionary) ? many : null;

    public static object? ConvertTo(object? valueToConvert, Type resultType) =>
        TryConvertTo(valueToConvert, resultType, out object? result) ? result : throw NoWay(valueToConvert, resultType);

    public static T ConvertTo<T>(object? valueToConvert) => (T)ConvertTo(valueToConvert, typeof(T))!;

    public static bool TryConvertTo(object? valueToConvert, Type resultType, out object? result) =>
        Conversion.TryConvert(valueToConvert, resultType, out result);

    public static bool TryConvertTo<T>(object? valueToConvert, out T result)
    {
        bool done = Conversion.TryConvert(valueToConvert, typeof(T), out object? converted);
        result = done ? (T)converted! : default!;
        return done;
    }

    private static PSInvalidCastException NoWay(object? value, Type type) =>
        new($"Cannot convert value \"{value}\" to type \"{type.FullName}\".");
}
