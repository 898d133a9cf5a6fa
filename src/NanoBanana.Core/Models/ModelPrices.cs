namespace NanoBanana.Models;

/// <summary>Prices in USD for live calls.</summary>
public sealed record ModelPrices
{
    /// <summary>Price of a million input tokens.</summary>
    public decimal TextInPerMillion { get; init; }

    /// <summary>Price of a million tokens of text or thoughts in the answer.</summary>
    public decimal TextOutPerMillion { get; init; }

    /// <summary>Price of a million tokens of images in the answer.</summary>
    public decimal ImageOutPerMillion { get; init; }

    /// <summary>Price of one image, by size.</summary>
    public required IReadOnlyDictionary<string, ImagePrice> Images { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", Images.Select(image => $"{image.Key} {Readable.Price(image.Value.Usd)}"));
}
