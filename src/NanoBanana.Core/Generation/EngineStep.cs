namespace NanoBanana.Generation;

/// <summary>Progress of an order.</summary>
/// <param name="Order">The order.</param>
/// <param name="Outcome">How it ended; null while it has not.</param>
/// <param name="Pause">Why it waits; null when it does not wait.</param>
public sealed record EngineStep(Order Order, Outcome? Outcome = null, NbException? Pause = null);
