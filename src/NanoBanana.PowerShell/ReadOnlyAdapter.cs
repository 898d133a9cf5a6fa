using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;

namespace NanoBanana.PowerShell;

/// <summary>Makes the properties of an object read-only in the shell, which would use init accessors as setters, so
/// that a change would be saved in the sidecar.</summary>
public sealed class ReadOnlyAdapter : PSPropertyAdapter
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> Known = new();

    /// <inheritdoc/>
    public override Collection<PSAdaptedProperty> GetProperties(object baseObject) =>
        [.. Of(baseObject).Values.Select(property => new PSAdaptedProperty(property.Name, property))];

    /// <inheritdoc/>
    public override PSAdaptedProperty? GetProperty(object baseObject, string propertyName) =>
        Of(baseObject).TryGetValue(propertyName, out PropertyInfo? property)
            ? new PSAdaptedProperty(property.Name, property) : null;

    /// <inheritdoc/>
    public override bool IsGettable(PSAdaptedProperty adaptedProperty) => true;

    /// <inheritdoc/>
    public override bool IsSettable(PSAdaptedProperty adaptedProperty) => false;

    /// <inheritdoc/>
    public override object? GetPropertyValue(PSAdaptedProperty adaptedProperty) =>
        PropertyOf(adaptedProperty).GetValue(adaptedProperty.BaseObject, BindingFlags.DoNotWrapExceptions, null, null,
            null);

    /// <inheritdoc/>
    public override void SetPropertyValue(PSAdaptedProperty adaptedProperty, object? value) =>
        throw new SetValueException($"'{adaptedProperty.Name}' is a ReadOnly property.");

    /// <inheritdoc/>
    public override string GetPropertyTypeName(PSAdaptedProperty adaptedProperty) =>
        PropertyOf(adaptedProperty).PropertyType.ToString();

    private static PropertyInfo PropertyOf(PSAdaptedProperty property) => (PropertyInfo)property.Tag;

    private static Dictionary<string, PropertyInfo> Of(object value) => Known.GetOrAdd(value.GetType(), type =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .DistinctBy(property => property.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase));
}
