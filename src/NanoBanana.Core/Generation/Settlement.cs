namespace NanoBanana.Generation;

/// <summary>What became of the money set aside for an order.</summary>
public enum Settlement
{
    /// <summary>It was not sent, or the service did not carry it out: nothing was billed.</summary>
    NotCarriedOut,

    /// <summary>An answer came, with an image or without: its cost is known as far as the price is.</summary>
    Answered,

    /// <summary>It was sent and no whole answer came: it may have been billed.</summary>
    Uncertain,
}
