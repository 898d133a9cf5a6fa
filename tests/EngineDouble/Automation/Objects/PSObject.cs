using System.Collections.ObjectModel;
using System.Reflection;

namespace System.Management.Automation;

public class PSObject
{
    public PSObject()
        : this(PSCustomObject.Instance)
    {
    }

    public PSObject(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        ImmediateBaseObject = obj;
        for (Type? type = BaseObject.GetType(); type is not null; type = type.BaseType)
        {
            TypeNames.Add(type.FullName ?? type.Name);
        }
    }

    public object ImmediateBaseObject { get; }

    public object BaseObject => ImmediateBaseObject is PSObject inner ? inner.BaseObject : ImmediateBaseObject;

    public Collection<string> TypeNames { get; } = [];

    public PSMemberInfoCollection<PSPropertyInfo> Properties => new MemberView<PSPropertyInfo>(this);

    public PSMemberInfoCollection<PSMemberInfo> Members => new MemberView<PSMemberInfo>(this);

    internal List<PSMemberInfo> Added { get; } = [];

    public static PSObject AsPSObject(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return obj as PSObject ?? new PSObject(obj);
    }

    public override string ToString() => BaseObject is PSCustomObject
        ? "@{" + string.Join("; ", Added) + "}"
        : BaseObject.ToString() ?? "";

    public override bool Equals(object? obj) => BaseObject is PSCustomObject
        ? ReferenceEquals(this, obj)
        : BaseObject.Equals(obj is PSObject other ? other.BaseObject : obj);

    public override int GetHashCode() =>
        BaseObject is PSCustomObject ? base.GetHashCode() : BaseObject.GetHashCode();

    // What a test or a typed parameter wants to see: the object itself, unless the wrapper holds something of its own.
    internal static object? Unwrap(object? value) =>
        value is PSObject { Added.Count: 0, BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;

    internal static object? Base(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;

    internal IEnumerable<PSMemberInfo> AllMembers()
    {
        if (ImmediateBaseObject is PSObject inner)
        {
            return Added.Concat(inner.AllMembers());
        }

        object self = ImmediateBaseObject;
        IEnumerable<PSMemberInfo> own = self is PSCustomObject
            ? []
            : self.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetIndexParameters().Length == 0 && p.GetMethod is { IsPublic: true })
                .Select(p => new PSProperty(self, p));
        return Added.Concat(own);
    }
}
