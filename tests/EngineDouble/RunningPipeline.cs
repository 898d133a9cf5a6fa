namespace EngineDouble;

/// <summary>A pipeline on its own thread.</summary>
public sealed class RunningPipeline
{
    // A guard against a cmdlet that never comes back, far above anything a test needs; nothing is measured by it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PipelineProcessor _processor;
    private readonly bool _violationsAllowed;
    private readonly Thread _thread;

    internal RunningPipeline(PipelineProcessor processor, bool violationsAllowed)
    {
        _processor = processor;
        _violationsAllowed = violationsAllowed;
        processor.Session.Enter();
        _thread = PipelineThread.Start(processor.Session, processor.Run);
    }

    /// <summary>Ctrl+C: calls StopProcessing on the calling thread, as the engine does from the console's handler.</summary>
    public void Stop() => _processor.Stop();

    public PipelineRun Wait()
    {
        if (!_thread.Join(Patience))
        {
            throw new TimeoutException($"The pipeline does not end: {_processor}");
        }

        _processor.HarnessFailure?.Throw();
        PipelineRun run = _processor.Result;
        return run.Violations.Count == 0 || _violationsAllowed ? run : throw new EngineContractException(run.Violations);
    }
}
