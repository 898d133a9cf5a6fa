using EngineDouble;

namespace System.Management.Automation.Internal;

public abstract class InternalCommand
{
    private CommandRuntime? _runtime;

    internal InternalCommand()
    {
    }

    // A cmdlet that is made and called by hand has no engine behind it; say so instead of pretending.
    internal CommandRuntime Runtime
    {
        get => _runtime ?? throw new NotSupportedException(
            $"{GetType().Name} runs outside a pipeline; run it through EngineDouble.Session or EngineDouble.Pipeline.");
        set => _runtime = value;
    }
}
