namespace System.Management.Automation;

internal sealed class StopUpstreamCommandsException(int stageIndex) : SystemException
{
    public int StageIndex { get; } = stageIndex;
}
