using System.Globalization;
using System.Numerics;

namespace NanoBanana.Extensions.Imaging;

/// <summary>64 bits of a picture's coarse structure: its lowest 64 frequencies, each above or below their
/// median.</summary>
/// <param name="Bits">The bits.</param>
public readonly record struct PictureHash(ulong Bits)
{
    /// <summary>How many bits differ, 0 to 64: below 10 the pictures look alike, around 32 they have nothing to do with
    /// each other.</summary>
    public int DistanceTo(PictureHash other) => BitOperations.PopCount(Bits ^ other.Bits);

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Bits.ToString("x16", CultureInfo.InvariantCulture);
}
