namespace System.Management.Automation;

public abstract class PSPropertyInfo : PSMemberInfo
{
    public abstract bool IsSettable { get; }

    public abstract bool IsGettable { get; }
}
