namespace NanoBanana.Generation;

/// <summary>How fast an <see cref="ImageEngine"/> works, and for how much.</summary>
public sealed record EngineOptions
{
    /// <summary>Most calls in flight at once, 1 or more. The number falls when the service refuses requests as too
    /// many.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Places that several engines share: each call in flight takes one, in the order they ask. Null when this
    /// engine is alone.</summary>
    public SemaphoreSlim? Places { get; init; }

    /// <summary>The money that may be spent.</summary>
    public Budget Budget { get; init; } = new(null);

    /// <summary>Most requests begun within any minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most USD spent on requests begun within any minute; null for no limit.</summary>
    public decimal? MaxCostPerMinute { get; init; }

    /// <summary>How often an order returns to the queue when its retries are used up and the service still refuses it
    /// as one too many.</summary>
    public int MostRounds { get; init; }

    /// <summary>The longest pause that a run waits for when there is nothing else to do.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Canceled when no new order may begin; orders in flight finish.</summary>
    public Task Stopping { get; init; } = Task.Delay(Timeout.Infinite);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The pictures received so far.</summary>
    internal RepeatedPictures Pictures { get; } = new();
}
