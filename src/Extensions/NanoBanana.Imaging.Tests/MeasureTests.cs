using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using Xunit.Abstractions;

namespace NanoBanana.Imaging.Tests;

public sealed class MeasureTests(ITestOutputHelper output)
{
    private readonly ImageSharpImaging _imaging = new();

    [Fact]
    public void Size_ratio_and_weight_are_those_of_the_file()
    {
        byte[] bytes = Pictures.Encoded(Pictures.Halves(320, 200));

        PictureMeasures found = _imaging.Measure(Pictures.Source(bytes), new MeasureOptions());

        Assert.Equal((320, 200, 1.6, bytes.LongLength), (found.Width, found.Height, found.Ratio, found.Length));
        Assert.Null(found.PaletteDistance);
        Assert.Null(found.Headline);
    }

    [Fact]
    public void Pictures_that_look_alike_have_hashes_that_are_near()
    {
        Image<Rgba32> scene = Scenes.Draw(400, 300);
        PictureHash hash = Measure(scene.Clone()).Hash;

        Assert.InRange(hash.DistanceTo(Measure(scene.Clone(edit => edit.Resize(180, 135))).Hash), 0, 6);
        Assert.InRange(
            hash.DistanceTo(
            _imaging.Measure(Pictures.Source(scene.Clone(), new JpegEncoder { Quality = 40 }),
            new MeasureOptions()).Hash), 0, 6);
        Assert.InRange(hash.DistanceTo(Measure(Scenes.Draw(400, 300, level: 30)).Hash), 0, 6);
        for (int other = 2; other < 8; other++)
        {
            Assert.InRange(hash.DistanceTo(Measure(Scenes.Draw(400, 300, other)).Hash), 16, 64);
        }
        scene.Dispose();
    }

    [Fact]
    public void The_palette_tells_the_colors_and_their_shares()
    {
        PictureMeasures found = Measure(
            Pictures.Drawn(200, 100, (x, _) => x < 150 ? Pictures.Red : Pictures.Blue),
                new MeasureOptions { Palette = ["#dc281e", "#143cdc"] });

        Assert.Equal(["#dc281e", "#143cdc"], found.Palette.Select(color => color.Color));
        Assert.Equal(0.75, found.Palette[0].Share, 2);
        Assert.Equal(0, found.PaletteDistance!.Value, 3);
        Assert.InRange(
            Measure(Pictures.Halves(200, 100), new MeasureOptions { Palette = ["#00ff00"] }).PaletteDistance!.Value,
            0.3, 1);
    }

    [Fact]
    public void What_is_transparent_is_counted_and_is_not_a_color()
    {
        PictureMeasures found = Measure(Pictures.Drawn(100, 100, (x, _) =>
            x < 25 ? new Rgba32(0, 0, 0, 0) : x < 50 ? Pictures.Blue with { A = 100 } : Pictures.Red));

        Assert.Equal((0.25, 0.25), (found.Transparent, found.Translucent));
        Assert.Equal("#dc281e", Assert.Single(found.Palette).Color);
    }

    [Fact]
    public void A_picture_without_any_color_can_be_measured()
    {
        PictureMeasures found =
            Measure(new Image<Rgba32>(10, 10), new MeasureOptions { Palette = ["#000000"], Headline = (0.5, 0.5) });

        Assert.Empty(found.Palette);
        Assert.Equal((1, 0, 0, 0), (found.Transparent, found.Contrast, found.Sharpness, found.PaletteDistance));
    }

    [Fact]
    public void The_softer_a_picture_the_less_its_sharpness()
    {
        Image<Rgba32> scene = Scenes.Draw(400, 300);

        double[] found =
            [.. new[] { 0f, 1, 2, 4 }.Select(blur =>
            Measure(blur == 0 ? scene.Clone() : scene.Clone(edit => edit.GaussianBlur(blur))).Sharpness)];

        Assert.Equal(found.OrderDescending(), found);
        Assert.True(found[0] > 2 * found[3]);
        scene.Dispose();
    }

    [Fact]
    public void Contrast_is_what_lies_between_dark_and_light()
    {
        Assert.Equal(0, Measure(Pictures.Drawn(50, 50, (_, _) => Pictures.Red)).Contrast);
        Assert.Equal(1,
            Measure(Pictures.Drawn(50, 50, (x, _) =>
            x < 25 ? new Rgba32(0, 0, 0) : new Rgba32(255, 255, 255))).Contrast);
        // One bright pixel is not contrast.
        Assert.InRange(
            Measure(Pictures.Drawn(50, 50, (x, y) =>
            x + y == 0 ? new Rgba32(255, 255, 255) : new Rgba32(0, 0, 0))).Contrast, 0, 0.01);
    }

    [Fact]
    public void A_headline_goes_where_it_is_calm()
    {
        var random = new Random(5);
        Image<Rgba32> busy = Pictures.Drawn(480, 320, (x, y) =>
            y >= 220 ? new Rgba32(20, 24, 40)
                : new Rgba32((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));

        PictureMeasures found = Measure(busy, new MeasureOptions
        {
            Areas = [new PictureArea(0, 0, 1, 0.5), new PictureArea(0.1, 0.75, 0.8, 0.2)],
            Headline = (0.8, 0.25),
        });

        Assert.InRange(found.Areas[0].Calm, 0, 0.2);
        Assert.Equal(1, found.Areas[1].Calm, 2);
        Assert.Equal(("#ffffff", "#141828"), (found.Areas[1].TextColor, found.Areas[1].Color));
        Assert.InRange(found.Areas[1].TextContrast, 15, 21);
        Assert.True(found.Headline!.Area.Y >= 0.68, $"{found.Headline}");
        Assert.True(found.Areas[0].TextContrast < found.Areas[1].TextContrast);
    }

    [Fact]
    public void A_text_color_is_held_against_the_worst_of_an_area()
    {
        PictureMeasures found =
            Measure(Pictures.Drawn(200, 100, (x, _) => x < 100 ? new Rgba32(0, 0, 0) : new Rgba32(255, 255, 255)),
            new MeasureOptions
        {
            Areas = [new PictureArea(0, 0, 0.4, 1), new PictureArea(0, 0, 1, 1)], TextColor = "#ffffff",
        });

        Assert.Equal(21, found.Areas[0].TextContrast, 1);
        Assert.Equal(1, found.Areas[1].TextContrast, 1);
    }

    [Fact]
    public void Drift_orders_what_was_packed_recolored_and_replaced()
    {
        Image<Rgba32> scene = Scenes.Draw(320, 240);
        PictureDrift same = Drift(scene.Clone(), scene.Clone());
        PictureDrift packed =
            _imaging.Drift(Pictures.Source(scene.Clone()),
            Pictures.Source(scene.Clone(), new JpegEncoder { Quality = 85 }), new DriftOptions());
        PictureDrift recolored = Drift(scene.Clone(), scene.Clone(edit => edit.Hue(60)));
        PictureDrift other = Drift(scene.Clone(), Scenes.Draw(320, 240, 4));

        Assert.Equal((0, 0, 0, 0, 1),
            (same.MeanError, same.ColorDrift, same.PaletteDistance, same.HashDistance, same.SharpnessRatio));
        Assert.InRange(packed.MeanError, 0.1, 4);
        Assert.True(packed.PaletteDistance < recolored.PaletteDistance / 3);
        Assert.True(packed.MeanError < Math.Min(recolored.MeanError, other.MeanError) / 2);
        Assert.True(recolored.HashDistance < other.HashDistance);
        scene.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public void Drift_tells_the_same_restyled_recolored_and_another_picture_apart(int seed)
    {
        using Image<Rgba32> scene = Scenes.Draw(320, 240, seed);
        PictureDrift same = _imaging.Drift(Pictures.Source(scene.Clone()),
            Pictures.Source(scene.Clone(), new JpegEncoder { Quality = 85 }), new DriftOptions());
        PictureDrift restyled = Drift(scene.Clone(), scene.Clone(edit => edit.OilPaint(6, 12)));
        PictureDrift recolored = Drift(scene.Clone(), scene.Clone(edit => edit.Hue(60)));
        PictureDrift other = Drift(scene.Clone(), Scenes.Draw(320, 240, seed + 1));
        string found = string.Join("; ", new[] { same, restyled, recolored, other }.Select(one =>
            FormattableString.Invariant(
                $"{one.MeanError:0.0} {one.PaletteDistance:0.000} {one.HashDistance} {one.SharpnessRatio:0.00}")));

        // Nothing; the strokes; the colors alone; everything.
        Assert.True(same.MeanError < restyled.MeanError / 2 && restyled.MeanError < recolored.MeanError / 2
            && recolored.MeanError < other.MeanError / 2, found);
        Assert.True(same.PaletteDistance < restyled.PaletteDistance
            && restyled.PaletteDistance < recolored.PaletteDistance / 2, found);
        Assert.All([same, restyled, recolored], one => Assert.True(one.HashDistance < other.HashDistance / 2, found));
        output.WriteLine(found);
    }

    [Fact]
    public void Drift_is_told_in_levels_and_leaves_out_what_was_meant_to_change()
    {
        Image<Rgba32> after = Scenes.Draw(320, 240, shiftX: 3, level: 4, lamp: true);
        var region = new PixelRegion(200, 80, 80, 80);

        PictureDrift found = Drift(Scenes.Draw(320, 240), after, new DriftOptions { Except = [region] });

        Assert.InRange(found.MeanError, 3.5, 5);
        Assert.InRange(found.Alignment.ShiftX, 2.8, 3.2);
        Assert.InRange(found.ColorDrift, 0.005, 0.04);
    }

    private PictureMeasures Measure(Image image, MeasureOptions? options = null) =>
        _imaging.Measure(Pictures.Source(image), options ?? new MeasureOptions());

    private PictureDrift Drift(Image before, Image after, DriftOptions? options = null) =>
        _imaging.Drift(Pictures.Source(before), Pictures.Source(after), options ?? new DriftOptions());
}
