namespace NanoBanana.Imaging;

/// <summary>A color in OKLab: lightness 0 to 1, green to red, blue to yellow.</summary>
internal readonly record struct Lab(float L, float A, float B)
{
    public float DistanceTo(Lab other)
    {
        float l = L - other.L, a = A - other.A, b = B - other.B;
        return MathF.Sqrt((l * l) + (a * a) + (b * b));
    }
}
