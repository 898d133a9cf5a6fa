namespace System.Management.Automation;

public class PipelineStoppedException : RuntimeException
{
    public PipelineStoppedException()
        : base("The pipeline has been stopped.")
    {
    }

    public PipelineStoppedException(string? message)
        : base(message)
    {
    }

    public PipelineStoppedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override ErrorRecord CreateRecord() =>
        new(this, "PipelineStopped", ErrorCategory.OperationStopped, null);
}
