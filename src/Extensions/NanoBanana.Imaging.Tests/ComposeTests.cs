using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

public sealed class ComposeTests
{
    private const int Width = 320;
    private const int Height = 240;

    // Around the lamp.
    private static readonly PixelRegion Region = new(200, 80, 80, 80);

    private readonly ImageSharpImaging _imaging = new();

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(7, -4, 1)]
    [InlineData(-2.5, 1.25, 1)]
    [InlineData(0, 0, 1.03)]
    [InlineData(5, 9, 0.96)]
    [InlineData(-12, 3, 1.05)]
    public void The_result_is_laid_over_its_source(double shiftX, double shiftY, double scale)
    {
        Image<Rgba32> result =
            Scenes.Draw(Width, Height, shiftX: shiftX, shiftY: shiftY, scale: scale, level: 3, lamp: true);

        PictureAlignment found = Compose(Scenes.Draw(Width, Height), result).Alignment;

        Assert.Equal(shiftX, found.ShiftX, 0.25);
        Assert.Equal(shiftY, found.ShiftY, 0.25);
        Assert.Equal(scale, found.Scale, 0.002);
    }

    [Fact]
    public void A_picture_that_changed_but_did_not_move_is_not_moved()
    {
        Assert.Equal(PictureAlignment.Same,
            Compose(Scenes.Draw(Width, Height), Scenes.Draw(Width, Height, lamp: true),
            new ComposeOptions()).Alignment);
        Assert.Equal(PictureAlignment.Same,
            Compose(Scenes.Draw(Width, Height), Scenes.Draw(Width, Height, 5)).Alignment);
    }

    [Fact]
    public void Outside_the_region_every_pixel_is_the_source_s()
    {
        using Image<Rgba32> source = Scenes.Draw(Width, Height);
        Image<Rgba32> result = Scenes.Draw(Width, Height, shiftX: 4, shiftY: -3, scale: 1.02, level: 5, lamp: true);

        ComposedPicture found = Compose(source.Clone(), result);

        using Image<Rgba32> image = Pictures.Decoded(found.Picture);
        Assert.Equal((Width, Height), (image.Width, image.Height));
        Assert.Equal(0, ErrorOutside(source, image, Region));
        Assert.Equal(Scenes.Lamp.R, image[240, 120].R, 8.0);
        Assert.InRange(image[240, 120].G, 0, 60);
        Assert.InRange(found.DriftOutside, 4, 7);
        Assert.InRange(found.Kept, 0.9, 0.93);
    }

    [Fact]
    public void The_seam_is_soft()
    {
        Image<Rgba32> black = Pictures.Drawn(100, 100, (_, _) => new Rgba32(0, 0, 0)),
            white = Pictures.Drawn(100, 100, (_, _) => new Rgba32(255, 255, 255));

        ComposedPicture found =
            Compose(black, white,
            new ComposeOptions { Regions = [new PixelRegion(30, 0, 70, 100)], Seam = 10, MatchColor = false,
            Align = false });

        using Image<Rgba32> image = Pictures.Decoded(found.Picture);
        int[] row = [.. Enumerable.Range(25, 30).Select(x => (int)image[x, 50].R)];
        Assert.Equal(row.Order(), row);
        Assert.All(row.Zip(row.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 45));
        Assert.Equal((0, 255), (image[29, 50].R, image[41, 50].R));
        // At the picture's own edge there is nothing to become.
        Assert.Equal(255, image[99, 50].R);
    }

    [Fact]
    public void A_drift_of_color_is_taken_back_inside_too()
    {
        using Image<Rgba32> source = Scenes.Draw(Width, Height);
        Image<Rgba32> Result() => Scenes.Draw(Width, Height, level: 9);

        using Image<Rgba32> matched = Pictures.Decoded(Compose(source.Clone(), Result()).Picture);
        using Image<Rgba32> unmatched =
            Pictures.Decoded(Compose(source.Clone(), Result(), Options() with { MatchColor = false }).Picture);

        Assert.Equal(source[240, 120].G, matched[240, 120].G, 1.0);
        Assert.Equal(source[240, 120].G + 9, unmatched[240, 120].G, 1.0);
    }

    [Fact]
    public void A_mask_does_what_a_region_does()
    {
        Image<Rgba32> mask = Pictures.Drawn(Width / 2, Height / 2, (x, y) =>
            x is >= 100 and < 140 && y is >= 40 and < 80 ? new Rgba32(255, 255, 255) : new Rgba32(0, 0, 0));
        using Image<Rgba32> source = Scenes.Draw(Width, Height);

        ComposedPicture found = Compose(
            source.Clone(), Scenes.Draw(Width, Height, level: 5, lamp: true),
                new ComposeOptions { Mask = Pictures.Source(mask) });

        using Image<Rgba32> image = Pictures.Decoded(found.Picture);
        Assert.Equal(0, ErrorOutside(source, image, new PixelRegion(198, 78, 84, 84)));
        Assert.Equal(Scenes.Lamp.R, image[240, 120].R, 8.0);
    }

    [Fact]
    public void The_change_map_alone_keeps_what_only_drifted()
    {
        using Image<Rgba32> source = Scenes.Draw(Width, Height);

        ComposedPicture found = Compose(
            source.Clone(), Scenes.Draw(Width, Height, shiftX: 2, level: 4, lamp: true), new ComposeOptions());

        using Image<Rgba32> image = Pictures.Decoded(found.Picture);
        Assert.Equal(Scenes.Lamp.R, image[240, 120].R, 8.0);
        Assert.Equal(0, ErrorOutside(source, image, Region));
        // The lamp covers 2.7 % of the picture.
        Assert.InRange(found.Kept, 0.93, 0.98);
        Assert.InRange(found.ChangedOutside, 0, 0.01);
    }

    [Fact]
    public void A_picture_without_a_change_stays_as_it_is()
    {
        using Image<Rgba32> source = Scenes.Draw(Width, Height);

        ComposedPicture found = Compose(source.Clone(), Scenes.Draw(Width, Height, level: 3), new ComposeOptions());

        using Image<Rgba32> image = Pictures.Decoded(found.Picture);
        Assert.Equal((1, 0), (found.Kept, ErrorOutside(source, image, new PixelRegion(0, 0, 1, 1))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0.5)]
    public void A_result_of_another_size_gets_the_source_s(double factor)
    {
        using Image<Rgba32> source = Scenes.Draw(Width, Height);
        Image<Rgba32> result =
            Scenes.Draw((int)(Width * factor), (int)(Height * factor), shiftX: 6 * factor, lamp: true);

        ComposedPicture found = Compose(source.Clone(), result);

        using Image<Rgba32> image = Pictures.Decoded(found.Picture);
        Assert.Equal((Width, Height), (image.Width, image.Height));
        Assert.Equal(6, found.Alignment.ShiftX, 0.3);
        Assert.Equal(Scenes.Lamp.R, image[240, 120].R, 8.0);
        Assert.Equal(0, ErrorOutside(source, image, Region));
    }

    [Fact]
    public void Forty_edits_leave_what_they_do_not_touch()
    {
        using Image<Rgba32> first = Scenes.Draw(Width, Height);
        byte[] kept = Pictures.Encoded(first.Clone()), lost = kept;
        var errors = new List<double>();
        for (int edit = 1; edit <= 40; edit++)
        {
            // A model gives everything back a little lighter and further to the side.
            kept = _imaging.Compose(Pictures.Source(kept), Pictures.Source(Edited(kept, edit)),
                Options()).Picture.Data.ToArray();
            lost = Edited(lost, edit);
            if (edit % 10 == 0) errors.Add(ErrorOutside(first, Image.Load<Rgba32>(lost), Region));
        }

        using Image<Rgba32> image = Image.Load<Rgba32>(kept);
        Assert.Equal(0, ErrorOutside(first, image, Region));
        // What was asked for last is there: a disc of that edit's own color.
        Assert.Equal(40 * 6, image[240, 120].B, 12.0);
        Assert.Equal(errors.Order(), errors);
        Assert.InRange(errors[^1], 40, 120);
    }

    [Theory]
    [InlineData(300, 0, 21, 10)]
    [InlineData(0, 239, 1, 2)]
    [InlineData(int.MaxValue, 0, 1, 1)]
    public void A_region_outside_the_picture_is_refused(int x, int y, int width, int height)
    {
        var region = new PixelRegion(x, y, width, height);

        NbException error = Assert.Throws<NbException>(() =>
            Compose(Scenes.Draw(Width, Height), Scenes.Draw(Width, Height), new ComposeOptions { Regions = [region] }));
        Assert.Equal("Nb.Picture.RegionOutside", error.ErrorId);
        Assert.Equal("Nb.Picture.RegionOutside", Assert.Throws<NbException>(() => _imaging.Drift(
            Pictures.Source(Scenes.Draw(Width, Height)), Pictures.Source(Scenes.Draw(Width, Height)),
                new DriftOptions { Except = [region] })).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,4,5")]
    [InlineData("1,2,0,4")]
    [InlineData("-1,2,3,4")]
    [InlineData("1;2;3;4")]
    public void A_text_that_is_not_a_region_is_refused(string text) =>
        Assert.Equal("Nb.Picture.InvalidRegion", Assert.Throws<NbException>(() => PixelRegion.Parse(text)).ErrorId);

    [Fact]
    public void A_region_is_read_as_it_is_written() =>
        Assert.Equal(Region, PixelRegion.Parse(Region.ToString().Replace(",", ", ")));

    private static ComposeOptions Options() => new() { Regions = [Region] };

    private ComposedPicture Compose(Image source, Image result, ComposeOptions? options = null) =>
        _imaging.Compose(Pictures.Source(source), Pictures.Source(result), options ?? Options());

    private static byte[] Edited(byte[] bytes, int edit)
    {
        using Image<Rgba32> image = Image.Load<Rgba32>(bytes);
        return Pictures.Encoded(Pictures.Drawn(Width, Height, (x, y) =>
        {
            if (Math.Sqrt(Math.Pow(x - 240, 2) + Math.Pow(y - 120, 2)) < 20)
            {
                return new Rgba32(200, 40, (byte)(edit * 6));
            }
            Rgba32 pixel = image[Math.Clamp(x - (edit % 2), 0, Width - 1), y];
            return new Rgba32((byte)Math.Min(255, pixel.R + 2), (byte)Math.Min(255, pixel.G + 3),
                (byte)Math.Min(255, pixel.B + 2));
        }));
    }

    private static double ErrorOutside(Image<Rgba32> first, Image<Rgba32> second, PixelRegion region)
    {
        long sum = 0, count = 0;
        for (int y = 0; y < first.Height; y++)
        {
            for (int x = 0; x < first.Width; x++)
            {
                if (x >= region.X && x < region.X + region.Width && y >= region.Y && y < region.Y + region.Height)
                {
                    continue;
                }
                sum += Math.Abs(first[x, y].R - second[x, y].R) + Math.Abs(first[x, y].G - second[x, y].G)
                    + Math.Abs(first[x, y].B - second[x, y].B);
                count += 3;
            }
        }
        return (double)sum / count;
    }
}
