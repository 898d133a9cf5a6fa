using System.Reflection;

namespace System.Management.Automation;

public class PSProperty : PSPropertyInfo
{
    private readonly object _owner;
    private readonly PropertyInfo _property;

    internal PSProperty(object owner, PropertyInfo property)
    {
        _owner = owner;
        _property = property;
        Name = property.Name;
    }

    public override PSMemberTypes MemberType => PSMemberTypes.Property;

    public override object? Value
    {
        get => _property.GetValue(_owner);
        set => _property.SetValue(_owner, value);
    }

    public override string TypeNameOfValue => _property.PropertyType.FullName ?? _property.PropertyType.Name;

    public override bool IsSettable => _property.CanWrite;

    public override bool IsGettable => _property.CanRead;
}
