namespace NanoBanana.Extensions.Imaging;

/// <summary>How a background is keyed out.</summary>
/// <param name="Color">The key color (#rrggbb); null to take the one that most of the border has.</param>
/// <param name="Tolerance">How far from the key a pixel may be and still vanish, in OKLab; 0.02 to 0.4.</param>
/// <param name="Softness">Over which further distance it fades in, in OKLab; 0 for hard edges.</param>
/// <param name="Despill">How much of the key's glow on the subject's edges is taken away, 0 to 1.</param>
/// <param name="Format">png or webp.</param>
public sealed record KeyOptions(
    string? Color = null, double Tolerance = 0.12, double Softness = 0.18, double Despill = 1, string Format = "png");
