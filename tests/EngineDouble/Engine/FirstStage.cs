using System.Management.Automation;

namespace EngineDouble;

/// <summary>Select-Object -First: passes n objects on, then ends every command before it.</summary>
internal sealed class FirstStage(PipelineProcessor processor, int count) : Stage(processor)
{
    private int _left = count;

    public override void Receive(object? value)
    {
        Processor.ThrowIfStopping();
        if (_left > 0)
        {
            _left--;
            Processor.Emit(Index, value);
        }

        if (_left == 0)
        {
            throw Processor.Fail(new StopUpstreamCommandsException(Index));
        }
    }

    public override void Dispose()
    {
    }

    public override string ToString() => "Select-Object -First";
}
