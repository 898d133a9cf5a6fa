using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Tests;

/// <summary>What stands in the pixels, read by decoders that know nothing of the writers.</summary>
public sealed class DrawingTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData("1:1", "1K")]
    [InlineData("8:1", "2K")]
    [InlineData("3:4", "4K")]
    public async Task A_jpeg_shows_a_band_for_every_reference_in_order(string ratio, string size)
    {
        byte[][] references = [await DrawAsync("one"), await DrawAsync("two"), await DrawAsync("three")];
        Answer answer = await _emulator.PostAsync($"v1beta/models/{Emulator.Nb21}:generateContent", new JsonObject
        {
            ["contents"] = new JsonArray(Emulator.UserTurn("all of them", references)),
            ["generationConfig"] = new JsonObject
            {
                ["imageConfig"] = new JsonObject { ["aspectRatio"] = ratio, ["imageSize"] = size },
            },
        });
        JpegBlocks blocks = new(answer.Image);

        EmulatorBand[] bands = [.. references.Select(reference => EmulatorPicture.BandFor(reference))];
        (int, int, int)[] shown = [.. Enumerable.Range(0, blocks.Rows).Select(row => blocks.Colors[row, 0])];
        int[] places = [.. bands.Select(band => Array.FindIndex(shown, color => IsNear(color, band)))];
        Assert.All(places, place => Assert.True(place >= blocks.Rows / 2, "a band in the lower half"));
        Assert.True(places[0] < places[1] && places[1] < places[2], "bands in the order of the references");
        Assert.True(IsNear(blocks.Colors[blocks.Rows - 1, blocks.Columns - 1], bands[2]),
            "the last band reaches the corner");
    }

    [Fact]
    public async Task A_png_has_the_same_band_as_a_jpeg()
    {
        byte[] reference = await DrawAsync("one");
        byte[] png = (
            await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("with it", reference, reference)),
            Emulator.Nb)).Image;
        byte[] lastRow = PngRows(png)[^1];

        EmulatorBand band = EmulatorPicture.BandFor(reference);
        Assert.Equal([band.Red, band.Green, band.Blue], lastRow[^3..]);
    }

    [Fact]
    public async Task An_edit_changes_a_part_of_the_picture_only()
    {
        Answer first = await _emulator.GenerateAsync("a fox");
        Answer edit = await _emulator.GenerateAsync(
            new JsonArray(Emulator.UserTurn("a fox"), first.Turn, Emulator.UserTurn("add a red scarf")));
        JpegBlocks before = new(first.Image);
        JpegBlocks after = new(edit.Image);

        int changed = before.Colors.Cast<(int, int, int)>()
            .Zip(after.Colors.Cast<(int, int, int)>(), (a, b) => a != b).Count(differs => differs);
        Assert.InRange(changed, 1, before.Rows * before.Columns / 2);
    }

    [Fact]
    public void A_foreign_image_is_not_taken_for_an_emulated_one()
    {
        byte[] png = Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

        Assert.Null(EmulatorPicture.TryRead(png));
        Assert.Null(EmulatorPicture.TryRead([0xFF, 0xD8, 0xFF, 0xFE, 0x00]));
        Assert.Null(EmulatorPicture.TryRead("no image"u8));
        Assert.Null(EmulatorPicture.TryRead(new MemoryStream([])));
    }

    private async Task<byte[]> DrawAsync(string prompt) => (await _emulator.GenerateAsync(prompt)).Image;

    // The chroma of a block is stored in steps, so a color comes back a little off.
    private static bool IsNear((int Red, int Green, int Blue) color, EmulatorBand band) =>
        Math.Abs(color.Red - band.Red) < 8 && Math.Abs(color.Green - band.Green) < 8
            && Math.Abs(color.Blue - band.Blue) < 8;

    private static List<byte[]> PngRows(byte[] png)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
        using MemoryStream data = new();
        for (int offset = 8; offset < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(offset));
            if (png.AsSpan(offset + 4, 4).SequenceEqual("IDAT"u8)) data.Write(png, offset + 8, length);
            offset += length + 12;
        }

        data.Position = 0;
        using ZLibStream zlib = new(data, CompressionMode.Decompress);
        List<byte[]> rows = [];
        byte[] above = new byte[width * 3];
        byte[] line = new byte[1 + (width * 3)];
        while (zlib.ReadAtLeast(line, line.Length, throwOnEndOfStream: false) == line.Length)
        {
            Assert.Equal(2, line[0]);
            byte[] row = [.. line.Skip(1).Zip(above, (difference, up) => (byte)(difference + up))];
            rows.Add(row);
            above = row;
        }

        Assert.Equal(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), rows.Count);
        return rows;
    }
}
