namespace NanoBanana.Generation;

/// <summary>How fast an <see cref="ImageEngine"/> works, and for how much.</summary>
public sealed record EngineOptions
{
    /// <summary>Most calls in flight at once, 1 or more. Fewer are when the service says it is too much.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>The money that may be spent.</summary>
    public Budget Budget { get; init; } = new(null);

    /// <summary>Most requests begun within any minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most USD spent on requests begun within any minute; null for no limit.</summary>
    public decimal? MaxCostPerMinute { get; init; }

    /// <summary>How often an order is put back when its tries are used up and the service still says too many
    /// requests.</summary>
    public int MostRounds { get; init; }

    /// <summary>The longest pause that is waited for when nothing else can be done.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Ends when nothing new may be begun; what is in flight finishes.</summary>
    public Task Stopping { get; init; } = Task.Delay(Timeout.Infinite);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What came so far.</summary>
    internal RepeatedPictures Pictures { get; } = new();
}
