namespace System.Management.Automation;

public class InvocationInfo
{
    internal InvocationInfo(CommandInfo command, string invocationName)
    {
        MyCommand = command;
        InvocationName = invocationName;
    }

    public CommandInfo MyCommand { get; }

    public string InvocationName { get; }

    public Dictionary<string, object?> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<object?> UnboundArguments { get; } = [];

    public string Line { get; internal init; } = "";

    public string PositionMessage { get; internal init; } = "";

    public string ScriptName { get; internal init; } = "";

    public int ScriptLineNumber { get; internal init; }

    public bool ExpectingInput { get; internal init; }

    public int PipelineLength { get; internal init; }

    public int PipelinePosition { get; internal init; }
}
