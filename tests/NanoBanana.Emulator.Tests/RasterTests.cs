using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>The emulator's view of pixels that were sent to it.</summary>
public sealed class RasterTests : IDisposable
{
    private readonly Emulator _emulator = new(new EmulatorOptions { SignatureLength = 64 });

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task A_jpeg_has_the_colors_that_another_reader_finds()
    {
        byte[] jpeg =
            (await _emulator.GenerateAsync("a fox", config: """{"imageConfig":{"aspectRatio":"16:9"}}""")).Image;
        Raster raster = Raster.TryRead(jpeg)!;
        JpegBlocks blocks = new(jpeg);

        Assert.Equal(Answer.Size(jpeg), (raster.Width, raster.Height));
        for (int row = 0; row < blocks.Rows; row++)
        {
            for (int column = 0; column < blocks.Columns; column++)
            {
                (double red, double green, double blue) = Mean(raster, column * 8, row * 8);
                (int Red, int Green, int Blue) expected = blocks.Colors[row, column];
                Assert.True(
                    Math.Abs(red - expected.Red) + Math.Abs(green - expected.Green)
                        + Math.Abs(blue - expected.Blue) < 24,
                    $"block {column}, {row} is {red:0} {green:0} {blue:0}, not {expected}");
            }
        }
    }

    [Fact]
    public async Task A_png_ends_with_the_color_of_its_band()
    {
        byte[] reference = (await _emulator.GenerateAsync("one")).Image;
        byte[] png = (await _emulator.GenerateAsync(
            new JsonArray(Emulator.UserTurn("with it", reference, reference)), Emulator.Nb)).Image;
        Raster raster = Raster.TryRead(png)!;
        EmulatorBand band = EmulatorPicture.BandFor(reference);

        Assert.Equal(new Rgb(band.Red, band.Green, band.Blue), raster[raster.Width - 1, raster.Height - 1]);
    }

    [Theory]
    [InlineData(Emulator.Nb21)]
    [InlineData(Emulator.Nb)]
    public async Task Damaged_images_are_read_or_not_and_never_fail(string model)
    {
        byte[] whole = (await _emulator.GenerateAsync("a fox", model)).Image;
        Random random = new(20261127);
        int unread = 0;
        for (int round = 0; round < 150; round++)
        {
            byte[] damaged = [.. whole.Take(round % 3 == 0 ? random.Next(2, whole.Length) : whole.Length)];
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                damaged[random.Next(Math.Min(damaged.Length, round % 2 == 0 ? 700 : damaged.Length))] =
                    (byte)random.Next(256);
            }
            unread += Raster.TryRead(damaged) is null ? 1 : 0;
        }

        Assert.InRange(unread, 1, 150);
    }

    private static (double Red, double Green, double Blue) Mean(Raster raster, int left, int top)
    {
        double red = 0, green = 0, blue = 0;
        for (int y = top; y < top + 8; y++)
        {
            for (int x = left; x < left + 8; x++)
            {
                (red, green, blue) = (red + raster[x, y].R, green + raster[x, y].G, blue + raster[x, y].B);
            }
        }

        return (red / 64, green / 64, blue / 64);
    }
}
