using NanoBanana.Extensions.Imaging;

namespace NanoBanana.Judging;

/// <summary>A part of the picture that something is written over.</summary>
/// <param name="Name">What reasons call it.</param>
/// <param name="Area">Where it is.</param>
/// <param name="Calm">How calm it must be, 0 to 1.</param>
/// <param name="Contrast">The contrast that the text must have there, 1 to 21 (WCAG 2).</param>
public sealed record SafeArea(string Name, PictureArea Area, double Calm, double Contrast);
