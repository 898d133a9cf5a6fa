namespace System.Management.Automation;

public class PSNoteProperty : PSPropertyInfo
{
    public PSNoteProperty(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Value = value;
    }

    public override PSMemberTypes MemberType => PSMemberTypes.NoteProperty;

    public override object? Value { get; set; }

    public override string TypeNameOfValue => Value?.GetType().FullName ?? "System.Object";

    public override bool IsSettable => true;

    public override bool IsGettable => true;
}
