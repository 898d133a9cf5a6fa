namespace System.Management.Automation;

public class ActionPreferenceStopException : RuntimeException
{
    public ActionPreferenceStopException()
    {
    }

    public ActionPreferenceStopException(string? message)
        : base(message)
    {
    }

    public ActionPreferenceStopException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ActionPreferenceStopException(ErrorRecord record)
        : base(
            "The running command stopped because the preference variable \"ErrorActionPreference\" or common parameter "
            + $"is set to Stop: {record}",
            record.Exception,
            record)
    {
    }
}
