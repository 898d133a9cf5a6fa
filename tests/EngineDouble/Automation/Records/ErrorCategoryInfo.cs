using EngineDouble;

namespace System.Management.Automation;

public class ErrorCategoryInfo
{
    private readonly ErrorRecord _record;
    private string? _activity;
    private string? _reason;
    private string? _targetName;
    private string? _targetType;

    internal ErrorCategoryInfo(ErrorRecord record, ErrorCategory category)
    {
        _record = record;
        Category = category;
    }

    public ErrorCategory Category { get; }

    public string Activity
    {
        get => _activity ?? _record.InvocationInfo?.MyCommand?.Name ?? "";
        set => _activity = value;
    }

    public string Reason
    {
        get => _reason ?? _record.Exception.GetType().Name;
        set => _reason = value;
    }

    public string TargetName
    {
        get => _targetName ?? Conversion.ToText(_record.TargetObject);
        set => _targetName = value;
    }

    public string TargetType
    {
        get => _targetType ?? _record.TargetObject?.GetType().Name ?? "";
        set => _targetType = value;
    }

    public override string ToString() => $"{Category}: ({TargetName}:{TargetType}) [{Activity}], {Reason}";
}
