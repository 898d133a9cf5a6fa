using NanoBanana.Extensions.Imaging;

namespace NanoBanana.Judging;

/// <summary>An area of the picture that text is placed on later.</summary>
/// <param name="Name">Its name in reasons.</param>
/// <param name="Area">Where it is.</param>
/// <param name="Calm">How calm it must be, 0 to 1.</param>
/// <param name="Contrast">The contrast that the text must have there, 1 to 21 (WCAG 2).</param>
public sealed record SafeArea(string Name, PictureArea Area, double Calm, double Contrast);
