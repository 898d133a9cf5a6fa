namespace NanoBanana.Models;

/// <summary>Prices in USD for live calls.</summary>
public sealed record ModelPrices
{
    /// <summary>A million input tokens.</summary>
    public decimal TextInPerMillion { get; init; }

    /// <summary>A million tokens of text or thought in the answer.</summary>
    public decimal TextOutPerMillion { get; init; }

    /// <summary>A million tokens of image in the answer.</summary>
    public decimal ImageOutPerMillion { get; init; }

    /// <summary>One image, by size.</summary>
    public required IReadOnlyDictionary<string, ImagePrice> Images { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", Images.Select(image => $"{image.Key} {Readable.Price(image.Value.Usd)}"));
}
