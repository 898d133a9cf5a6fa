namespace System.Management.Automation;

public class ProgressRecord
{
    private int _percentComplete = -1;

    public ProgressRecord(int activityId, string activity, string statusDescription)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(activityId);
        ArgumentException.ThrowIfNullOrEmpty(activity);
        ArgumentException.ThrowIfNullOrEmpty(statusDescription);
        ActivityId = activityId;
        Activity = activity;
        StatusDescription = statusDescription;
    }

    public int ActivityId { get; }

    public int ParentActivityId { get; set; } = -1;

    public string Activity { get; set; }

    public string StatusDescription { get; set; }

    public string? CurrentOperation { get; set; }

    public int PercentComplete
    {
        get => _percentComplete;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            _percentComplete = value;
        }
    }

    public int SecondsRemaining { get; set; } = -1;

    public ProgressRecordType RecordType { get; set; }

    public override string ToString() =>
        $"{ParentActivityId} {ActivityId} {Activity} {StatusDescription} {CurrentOperation} {PercentComplete} {RecordType}";

    // A cmdlet may reuse one record; what was shown must not change afterwards.
    internal ProgressRecord Snapshot() => (ProgressRecord)MemberwiseClone();
}
