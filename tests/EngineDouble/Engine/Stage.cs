namespace EngineDouble;

/// <summary>One command of a pipeline.</summary>
internal abstract class Stage(PipelineProcessor processor) : IDisposable
{
    public int Index { get; set; }

    protected PipelineProcessor Processor { get; } = processor;

    public virtual void Prepare()
    {
    }

    public virtual void Begin()
    {
    }

    public abstract void Receive(object? value);

    public virtual void Complete()
    {
    }

    public virtual void Stop()
    {
    }

    public abstract void Dispose();
}
