namespace NanoBanana.Generation;

/// <summary>Whether an order was billed.</summary>
public enum Settlement
{
    /// <summary>It was not sent, or the service did not carry it out: nothing was billed.</summary>
    NotCarriedOut,

    /// <summary>An answer came, with or without an image: its cost is known if the price is.</summary>
    Answered,

    /// <summary>It was sent and no complete answer came: it may have been billed.</summary>
    Uncertain,
}
