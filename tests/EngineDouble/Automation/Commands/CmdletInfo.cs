namespace System.Management.Automation;

public class CmdletInfo : CommandInfo
{
    internal CmdletInfo(string verb, string noun, Type implementingType)
        : base($"{verb}-{noun}", implementingType.Assembly.GetName().Name ?? "")
    {
        Verb = verb;
        Noun = noun;
        ImplementingType = implementingType;
    }

    public string Verb { get; }

    public string Noun { get; }

    public Type ImplementingType { get; }
}
