namespace NanoBanana.Extensions.Imaging;

/// <summary>How two pictures are compared.</summary>
/// <param name="Threshold">How far a pixel must be from the other to count as changed, in OKLab; 0.02 is just visible,
/// the
/// noise of a jpeg stays below 0.05.</param>
/// <param name="Side">Longest side at which they are compared, in pixels.</param>
public sealed record CompareOptions(double Threshold = 0.06, int Side = 1024);
