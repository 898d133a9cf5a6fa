using NanoBanana.Extensions.Imaging;
using NanoBanana.Terminals;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging.Tests;

public sealed class PictureTests
{
    private readonly ImageSharpImaging _imaging = new();

    [Fact]
    public void A_picture_compared_with_itself_is_the_same()
    {
        PictureComparison found =
            Compare(Pictures.Disc(200, Pictures.Red, Pictures.Blue), Pictures.Disc(200, Pictures.Red, Pictures.Blue));

        Assert.Equal(0, found.Changed);
        Assert.Equal(0, found.Distance, 3);
        Assert.Equal((0, 0), (found.ShiftX, found.ShiftY));
    }

    [Fact]
    public void A_changed_tenth_is_counted_as_a_tenth()
    {
        PictureComparison found = Compare(
            Pictures.Drawn(200, 100, (_, _) => Pictures.Red),
                Pictures.Drawn(200, 100, (x, _) => x < 20 ? Pictures.Blue : Pictures.Red));

        Assert.Equal(0.1, found.Changed, 2);
        using Image<Rgba32> sheet = Pictures.Decoded(found.Sheet);
        Assert.Equal((3 * 200) + (4 * 12), sheet.Width);
    }

    [Fact]
    public void A_picture_that_only_moved_is_told_from_one_that_changed()
    {
        PictureComparison found = Compare(
            Pictures.Disc(400, Pictures.Red, Pictures.Blue),
                Pictures.Disc(400, Pictures.Red, Pictures.Blue, shiftX: 14));

        Assert.InRange(found.ShiftX, 12, 16);
        Assert.Equal(0, found.ShiftY);
        Assert.True(found.ChangedUnshifted < found.Changed / 5);
    }

    [Fact]
    public void Jpeg_noise_is_not_a_change()
    {
        byte[] before = Pictures.Encoded(Pictures.Disc(300, Pictures.Red, Pictures.Blue));
        byte[] after =
            Pictures.Encoded(Pictures.Disc(300, Pictures.Red, Pictures.Blue), new JpegEncoder { Quality = 85 });

        PictureComparison found =
            _imaging.Compare(Pictures.Source(before), Pictures.Source(after), new CompareOptions());

        Assert.InRange(found.Changed, 0, 0.02);
    }

    [Fact]
    public void A_key_color_vanishes_and_the_edges_are_soft_and_clean()
    {
        PictureSource source =
            Pictures.Source(Pictures.Disc(256, Pictures.Red, Pictures.Green), new JpegEncoder { Quality = 92 });

        KeyedPicture keyed = _imaging.KeyOut(source, new KeyOptions());

        using Image<Rgba32> image = Pictures.Decoded(keyed.Picture);
        Assert.Equal(0, image[2, 2].A);
        Assert.Equal(255, image[128, 128].A);
        Assert.InRange(image[128, 128].R, Pictures.Red.R - 8, Pictures.Red.R + 8);
        Assert.Equal(1, keyed.Border, 2);
        Assert.InRange(keyed.Transparent, 0.66, 0.74);
        int soft = 0;
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                foreach (Rgba32 pixel in rows.GetRowSpan(y))
                {
                    if (pixel.A is > 0 and < 255) soft++;
                    // No green glow is left on anything that can be seen.
                    if (pixel.A > 40) Assert.True(pixel.G <= Math.Max(pixel.R, pixel.B) + 10, $"{pixel}");
                }
            }
        });
        Assert.InRange(soft, 50, 3000);
    }

    [Fact]
    public void White_inside_a_subject_on_white_stays()
    {
        var white = new Rgba32(255, 255, 255);
        Image<Rgba32> ring = Pictures.Drawn(120, 120, (x, y) =>
            Math.Sqrt(((x - 60) * (x - 60)) + ((y - 60) * (y - 60))) is > 20 and < 40 ? Pictures.Red : white);

        KeyedPicture keyed = _imaging.KeyOut(Pictures.Source(ring), new KeyOptions());

        using Image<Rgba32> image = Pictures.Decoded(keyed.Picture);
        Assert.Equal(0, image[2, 2].A);
        Assert.Equal(white, image[60, 60]);
    }

    [Fact]
    public void A_picture_without_a_flat_background_says_so()
    {
        KeyedPicture keyed = _imaging.KeyOut(Pictures.Source(Pictures.Halves(64, 64)), new KeyOptions());

        Assert.InRange(keyed.Border, 0.3, 0.7);
    }

    [Fact]
    public void A_contact_sheet_holds_every_picture_and_frames_the_anchor()
    {
        SheetCell[] cells = [.. Enumerable.Range(0, 5).Select(i =>
            new SheetCell(Pictures.Source(Pictures.Halves(320, 240)), [$"picture {i}", "$0.04"], IsMarked: i == 0))];

        PictureResult result = _imaging.Sheet(cells, new SheetOptions(Columns: 3, Title: "Straße № 1"));

        using Image<Rgba32> sheet = Pictures.Decoded(result);
        Assert.Equal(24 + (3 * 340) - 20 + 24, sheet.Width);
        Assert.Equal(Pictures.Red, sheet[24 + 40, 24 + 66 + 100]);
        Assert.Equal(Pictures.Blue, sheet[24 + 300, 24 + 66 + 100]);
        Assert.Equal(new Rgba32(0xFF, 0xD2, 0x3F), sheet[22, 24 + 66 + 100]);
        Assert.Equal(5, _imaging.DecodeCount);
    }

    [Fact]
    public void Terminals_are_given_what_they_understand()
    {
        PictureSource source = Pictures.Source(Pictures.Halves(400, 200));

        Assert.StartsWith("\e_Ga=T,f=100,q=2,m=", TerminalPicture.Draw(_imaging, source, TerminalGraphics.Kitty, 20));
        Assert.StartsWith("\e]1337;File=inline=1;",
            TerminalPicture.Draw(_imaging, source, TerminalGraphics.ITerm2, 20));
        Assert.StartsWith("\eP0;1q\"1;1;200;100", TerminalPicture.Draw(_imaging, source, TerminalGraphics.Sixel, 20));
        string[] lines = TerminalPicture.Draw(_imaging, source, TerminalGraphics.Blocks, 20).TrimEnd('\n').Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.EndsWith("\e[0m", line));
        Assert.Equal(20, lines[0].Count(c => c == '\u2580'));
    }

    [Theory]
    [InlineData("a red fox", "green")]
    [InlineData("a green frog", "magenta")]
    [InlineData("a green frog with a pink bow", "blue")]
    public void The_key_is_a_color_that_nobody_spoke_of(string words, string key) =>
        Assert.Equal(key, KeyColor.For(words).Name);

    [Fact]
    public void The_key_is_a_color_that_no_picture_has()
    {
        RasterPicture green =
            _imaging.Raster(Pictures.Source(Pictures.Drawn(20, 20, (_, _) => new Rgba32(40, 160, 50))), 20, 20);

        Assert.Equal("magenta", KeyColor.For("the mascot", green).Name);
    }

    private PictureComparison Compare(Image before, Image after) =>
        _imaging.Compare(Pictures.Source(before), Pictures.Source(after), new CompareOptions());
}
