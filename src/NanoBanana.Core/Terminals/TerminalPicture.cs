using System.Globalization;
using System.Text;
using NanoBanana.Extensions.Imaging;

namespace NanoBanana.Terminals;

/// <summary>Encodes pictures as text and escape sequences for a terminal.</summary>
public static class TerminalPicture
{
    // Most terminals have cells of about this size in pixels; the exact size would need a query.
    private const int CellWidth = 10;
    private const int KittyChunk = 4096;
    private const int SixelLevels = 6;

    /// <summary>Draws a picture.</summary>
    /// <param name="imaging">The extension.</param>
    /// <param name="source">The picture.</param>
    /// <param name="how">Neither Auto nor None.</param>
    /// <param name="columns">Largest width in cells.</param>
    public static string Draw(IImaging imaging, PictureSource source, TerminalGraphics how, int columns) => how switch
    {
        TerminalGraphics.Kitty => Kitty(Png(imaging, source, columns)),
        TerminalGraphics.ITerm2 => ITerm2(Png(imaging, source, columns)),
        TerminalGraphics.Sixel => Sixel(imaging.Raster(source, columns * CellWidth, columns * CellWidth)),
        _ => Blocks(imaging.Raster(source, columns, columns * 2)),
    };

    /// <summary>Half blocks: the upper pixel is the foreground color, the lower one the background color.</summary>
    internal static string Blocks(RasterPicture picture)
    {
        var text = new StringBuilder();
        for (int y = 0; y < picture.Height; y += 2)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (byte r, byte g, byte b) = At(picture, x, y);
                (byte r2, byte g2, byte b2) = At(picture, x, Math.Min(y + 1, picture.Height - 1));
                text.Append(CultureInfo.InvariantCulture, $"\e[38;2;{r};{g};{b};48;2;{r2};{g2};{b2}m\u2580");
            }
            text.Append("\e[0m\n");
        }
        return text.ToString();
    }

    /// <summary>Kitty's protocol: a png in pieces (https://sw.kovidgoyal.net/kitty/graphics-protocol).</summary>
    internal static string Kitty(ReadOnlySpan<byte> png)
    {
        string data = System.Convert.ToBase64String(png);
        var text = new StringBuilder();
        for (int at = 0; at < data.Length; at += KittyChunk)
        {
            string control = at == 0 ? "a=T,f=100,q=2," : "";
            int more = at + KittyChunk < data.Length ? 1 : 0;
            text.Append(CultureInfo.InvariantCulture, $"\e_G{control}m={more};")
                .Append(data, at, Math.Min(KittyChunk, data.Length - at)).Append("\e\\");
        }
        return text.Append('\n').ToString();
    }

    /// <summary>iTerm2's protocol (https://iterm2.com/documentation-images.html).</summary>
    internal static string ITerm2(ReadOnlySpan<byte> png) => string.Create(CultureInfo.InvariantCulture,
        $"\e]1337;File=inline=1;size={png.Length}:{System.Convert.ToBase64String(png)}\a\n");

    /// <summary>Sixel (DEC STD 070) in the 216 colors of a 6x6x6 cube, dithered.</summary>
    internal static string Sixel(RasterPicture picture)
    {
        byte[] indexes = Dithered(picture);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\eP0;1q\"1;1;{picture.Width};{picture.Height}");
        foreach (byte color in indexes.Distinct().Order())
        {
            int r = color / 36, g = color / 6 % 6, b = color % 6;
            text.Append(CultureInfo.InvariantCulture, $"#{color};2;{r * 20};{g * 20};{b * 20}");
        }
        var band = new SortedSet<byte>();
        for (int top = 0; top < picture.Height; top += 6)
        {
            band.Clear();
            int end = Math.Min(top + 6, picture.Height);
            for (int at = top * picture.Width; at < end * picture.Width; at++) band.Add(indexes[at]);
            foreach (byte color in band) AppendRow(text, indexes, picture.Width, top, end, color);
            text[^1] = '-';
        }
        return text.Append("\e\\\n").ToString();
    }

    private static void AppendRow(StringBuilder text, byte[] indexes, int width, int top, int end, byte color)
    {
        text.Append(CultureInfo.InvariantCulture, $"#{color}");
        int run = 0;
        char last = '\0';
        for (int x = 0; x <= width; x++)
        {
            char sixel = '\0';
            if (x < width)
            {
                int bits = 0;
                for (int y = top; y < end; y++)
                {
                    if (indexes[(y * width) + x] == color) bits |= 1 << (y - top);
                }
                sixel = (char)('?' + bits);
            }
            if (sixel == last && x < width)
            {
                run++;
                continue;
            }
            if (run > 3) text.Append(CultureInfo.InvariantCulture, $"!{run}{last}");
            else text.Append(last, run);
            last = sixel;
            run = 1;
        }
        text.Append('$');
    }

    private static byte[] Dithered(RasterPicture picture)
    {
        ReadOnlySpan<byte> order = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
        byte[] indexes = new byte[picture.Width * picture.Height];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (byte r, byte g, byte b) = At(picture, x, y);
                int nudge = order[((y & 3) * 4) + (x & 3)];
                indexes[(y * picture.Width) + x] =
                    (byte)((Level(r, nudge) * 36) + (Level(g, nudge) * 6) + Level(b, nudge));
            }
        }
        return indexes;
    }

    private static int Level(byte value, int nudge) =>
        Math.Min(SixelLevels - 1, ((value * (SixelLevels - 1) * 16) + (nudge * 255)) / (255 * 16));

    // Transparent parts are drawn on black, because most terminals are dark.
    private static (byte R, byte G, byte B) At(RasterPicture picture, int x, int y)
    {
        ReadOnlySpan<byte> pixel = picture.Rgba.Span.Slice(((y * picture.Width) + x) * 4, 4);
        return ((byte)(pixel[0] * pixel[3] / 255), (byte)(pixel[1] * pixel[3] / 255),
            (byte)(pixel[2] * pixel[3] / 255));
    }

    private static byte[] Png(IImaging imaging, PictureSource source, int columns)
    {
        // Not enlarged, because a terminal draws pixel for pixel.
        RasterPicture size = imaging.Raster(source, columns * CellWidth, columns * CellWidth);
        var target = new PictureTarget { Width = size.Width, Height = size.Height, Fit = PictureFit.Exact,
            Format = "png" };
        return imaging.Convert(source, [target]).Single().Data.ToArray();
    }
}
