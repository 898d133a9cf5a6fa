using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>Size and ratio of the answer's picture.</summary>
internal static class ImageShape
{
    private const string DefaultRatio = "1:1";

    /// <summary>The ratio asked for, else the model's nearest to the last input image, else square.</summary>
    public static string Ratio(ModelEntry model, GenerateRequest request)
    {
        if (request.AspectRatio is { } asked) return asked;
        ImageHeader? last = request.Contents.SelectMany(turn => turn.Parts)
            .LastOrDefault(part => !part.Thought && part.Media is { IsImage: true })?.Media!.Header;
        if (last is null || last.Width <= 0 || last.Height <= 0) return DefaultRatio;

        // Ratios are compared on a logarithmic scale, so that 1:2 and 2:1 are equally far from square.
        double wanted = Math.Log((double)last.Width / last.Height);
        return model.Ratios.MinBy(ratio =>
        {
            PixelSize pixels = model.PixelsOf(ratio, ModelEntry.DefaultSize);
            return Math.Abs(Math.Log((double)pixels.Width / pixels.Height) - wanted);
        }) ?? DefaultRatio;
    }

    public static PixelSize Pixels(ModelEntry model, GenerateRequest request) =>
        model.PixelsOf(Ratio(model, request), request.ImageSize ?? ModelEntry.DefaultSize);
}
