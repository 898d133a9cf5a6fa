namespace NanoBanana.Extensions.Imaging;

/// <summary>How two pictures are compared.</summary>
/// <param name="Threshold">Distance in OKLab from which a pixel counts as changed; 0.02 is just visible, the noise of a
/// JPEG is below 0.05.</param>
/// <param name="Side">Longest side at which they are compared, in pixels.</param>
public sealed record CompareOptions(double Threshold = 0.06, int Side = 1024);
