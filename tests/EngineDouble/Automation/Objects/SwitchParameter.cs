namespace System.Management.Automation;

public struct SwitchParameter(bool isPresent) : IEquatable<SwitchParameter>
{
    private readonly bool _isPresent = isPresent;

    public static SwitchParameter Present => new(true);

    public readonly bool IsPresent => _isPresent;

    public static implicit operator bool(SwitchParameter switchParameter) => switchParameter._isPresent;

    public static implicit operator SwitchParameter(bool value) => new(value);

    public static bool operator ==(SwitchParameter first, SwitchParameter second) => first.Equals(second);

    public static bool operator !=(SwitchParameter first, SwitchParameter second) => !first.Equals(second);

    public static bool operator ==(SwitchParameter first, bool second) => first._isPresent == second;

    public static bool operator !=(SwitchParameter first, bool second) => first._isPresent != second;

    public static bool operator ==(bool first, SwitchParameter second) => first == second._isPresent;

    public static bool operator !=(bool first, SwitchParameter second) => first != second._isPresent;

    public readonly bool ToBool() => _isPresent;

    readonly bool IEquatable<SwitchParameter>.Equals(SwitchParameter other) => _isPresent == other._isPresent;

    public override readonly bool Equals(object? obj) => obj switch
    {
        bool value => value == _isPresent,
        SwitchParameter other => other._isPresent == _isPresent,
        _ => false,
    };

    public override readonly int GetHashCode() => _isPresent.GetHashCode();

    public override readonly string ToString() => _isPresent.ToString();
}
