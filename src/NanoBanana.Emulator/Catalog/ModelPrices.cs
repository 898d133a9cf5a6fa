namespace NanoBanana.Emulator.Catalog;

/// <summary>Prices in US dollars for a million tokens.</summary>
internal sealed record ModelPrices(decimal TextIn, decimal TextOut, decimal ImageOut);
