using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace EngineDouble;

/// <summary>The part of PowerShell's type conversion that binding a cmdlet's parameters needs.</summary>
internal static class Conversion
{
    public static string ToText(object? value) => PSObject.Base(value) switch
    {
        null => "",
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable many => string.Join(' ', many.Cast<object?>().Select(ToText)),
        { } other => other.ToString() ?? "",
    };

    public static bool IsTrue(object? value) => PSObject.Base(value) switch
    {
        null => false,
        bool flag => flag,
        SwitchParameter flag => flag,
        string text => text.Length > 0,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture) != 0,
        _ => true,
    };

    public static bool TryConvert(object? value, Type type, out object? result)
    {
        object? bare = PSObject.Base(value);
        if (type == typeof(PSObject))
        {
            result = value is null ? null : PSObject.AsPSObject(value);
            return true;
        }

        if (bare is null)
        {
            return FromNull(type, out result);
        }

        if (type.IsInstanceOfType(bare))
        {
            result = type == typeof(object) ? PSObject.Unwrap(value) : bare;
            return true;
        }

        if (type.IsArray)
        {
            return ToArray(bare, type.GetElementType()!, out result);
        }

        return FromObject(bare, Nullable.GetUnderlyingType(type) ?? type, out result);
    }

    private static bool FromNull(Type type, out object? result)
    {
        bool refused = type.IsEnum || type == typeof(DateTime) || type == typeof(Guid);
        result = type == typeof(string) ? "" : refused || !type.IsValueType ? null : Activator.CreateInstance(type);
        return !refused;
    }

    private static bool ToArray(object value, Type element, out object? result)
    {
        List<object?> items = value is IEnumerable many and not (string or IDictionary)
            ? [.. many.Cast<object?>()]
            : [value];
        Array array = Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (!TryConvert(items[i], element, out object? item))
            {
                result = null;
                return false;
            }

            array.SetValue(item, i);
        }

        result = array;
        return true;
    }

    private static bool FromObject(object value, Type type, out object? result)
    {
        result = null;
        try
        {
            if (type == typeof(string))
            {
                result = ToText(value);
            }
            else if (type == typeof(bool))
            {
                result = IsTrue(value);
            }
            else if (type == typeof(SwitchParameter))
            {
                result = new SwitchParameter(IsTrue(value));
            }
            else if (type == typeof(Uri) && value is string address)
            {
                result = new Uri(address, UriKind.RelativeOrAbsolute);
            }
            else if (type.IsEnum)
            {
                result = value is string name
                    ? Enum.Parse(type, name, ignoreCase: true)
                    : Enum.ToObject(type, Convert.ChangeType(value, Enum.GetUnderlyingType(type), CultureInfo.InvariantCulture));
            }
            else if (value is IConvertible && typeof(IConvertible).IsAssignableFrom(type))
            {
                result = Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
            }
            else
            {
                result = ByMember(value, type);
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            return false;
        }

        return result is not null;
    }

    // In the engine's order: a static Parse for text, a constructor of one argument, a conversion operator.
    private static object? ByMember(object value, Type type)
    {
        const BindingFlags Static = BindingFlags.Public | BindingFlags.Static;
        const BindingFlags Unwrapped = BindingFlags.DoNotWrapExceptions;
        Type from = value.GetType();
        if (value is string && type.GetMethod("Parse", Static, [typeof(string)]) is { } parse)
        {
            return parse.Invoke(null, Unwrapped, null, [value], CultureInfo.InvariantCulture);
        }

        if (!type.IsAbstract && type.GetConstructor([from]) is { } constructor)
        {
            return constructor.Invoke(Unwrapped, null, [value], CultureInfo.InvariantCulture);
        }

        MethodInfo? cast = type.GetMethods(Static).Concat(from.GetMethods(Static)).FirstOrDefault(method =>
            method.Name is "op_Implicit" or "op_Explicit"
            && type.IsAssignableFrom(method.ReturnType)
            && method.GetParameters()[0].ParameterType.IsAssignableFrom(from));
        return cast?.Invoke(null, Unwrapped, null, [value], CultureInfo.InvariantCulture);
    }
}
