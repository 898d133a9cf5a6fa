using System.Management.Automation;

namespace EngineDouble;

/// <summary>Shows a test each object as it passes, on the pipeline thread.</summary>
internal sealed class TapStage(PipelineProcessor processor, Action<object?> look) : Stage(processor)
{
    public override void Receive(object? value)
    {
        try
        {
            look(PSObject.Unwrap(value));
        }
        catch (Exception e)
        {
            throw Processor.FailTest(e);
        }

        Processor.Emit(Index, value);
    }

    public override void Dispose()
    {
    }

    public override string ToString() => "Tap";
}
