namespace NanoBanana.Extensions.Imaging;

/// <summary>How a background is keyed out.</summary>
/// <param name="Color">The key color (#rrggbb); null for the most frequent color of the border.</param>
/// <param name="Tolerance">Distance from the key color, in OKLab, up to which a pixel becomes transparent; 0.02 to
/// 0.4.</param>
/// <param name="Softness">Further distance over which pixels become opaque, in OKLab; 0 for hard edges.</param>
/// <param name="Despill">How much of the key color's reflection on the subject's edges is removed, 0 to 1.</param>
/// <param name="Format">png or webp.</param>
public sealed record KeyOptions(
    string? Color = null, double Tolerance = 0.12, double Softness = 0.18, double Despill = 1, string Format = "png");
