namespace NanoBanana.Tests;

/// <summary>A clock that is set back and forward by hand, while timers and elapsed time go on as ever.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private TimeSpan _offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _offset;

    public void Jump(TimeSpan by) => _offset += by;
}
