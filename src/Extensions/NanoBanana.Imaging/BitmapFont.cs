using System.Globalization;
using System.Text;
using NanoBanana.Storage;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Imaging;

/// <summary>Letters of five by eight dots for captions: enough for names and numbers, without another
/// package.</summary>
internal static class BitmapFont
{
    /// <summary>Width of a letter with the gap behind it, in dots.</summary>
    public const int Advance = 6;

    /// <summary>Height of a line with the gap below it, in dots.</summary>
    public const int LineHeight = 11;

    // Space to tilde, five columns each, the lowest bit on top.
    private static readonly byte[] Columns = Convert.FromHexString(
        "000000000000005F00000007000700147F147F14242A7F2A12231308646236495620500008070300001C2241000041221C00"
        + "2A1C7F1C2A08083E080800807030000808080808000060600020100804023E5149453E00427F4000724949494621414D4D33"
        + "1814127F1027454545393C4A49493141211109073649494936464949291E0000140000004034000000081422411414141414"
        + "00412214080201590906" + "3E415D594E"
        + "7C1211127C7F494949363E414141227F4141413E7F494949417F090909013E41415173"
        + "7F0808087F00417F41002040413F017F081422417F404040407F021C027F7F0408107F3E4141413E7F090909063E4151215E"
        + "7F09192946264949493203017F01033F4040403F1F2040201F3F4038403F63140814630304780403615949" + "4D43"
        + "007F4141410204081020004141417F04020102044040404040000307080020545478407F28444438384444442838444428" + "7F"
        + "385454541800087E090218A4A49C787F0804047800447D40002040403D007F1028440000417F40007C047804787C08040478"
        + "3844444438FC18242418182424" + "18FC7C080404084854545424"
        + "04043F44243C4040207C1C2040201C3C4030403C4428102844"
        + "4C9090907C4464544C440008364100000077000000413608000201020402");

    /// <summary>Writes a line; a line that does not fit is cut and ends in dots.</summary>
    /// <param name="image">The picture to write on.</param>
    /// <param name="text">The text; letters beyond ASCII lose their accents or become question marks.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="scale">Pixels a dot.</param>
    /// <param name="color">Color.</param>
    /// <param name="width">Available width in pixels.</param>
    public static void Draw(Image<Rgba32> image, string text, int x, int y, int scale, Rgba32 color, int width)
    {
        string plain = Plain(text);
        int room = Math.Max(1, width / (Advance * scale));
        if (plain.Length > room) plain = plain[..Math.Max(0, room - 2)] + "..";
        image.ProcessPixelRows(rows =>
        {
            for (int letter = 0; letter < plain.Length; letter++)
            {
                for (int dot = 0; dot < 40; dot++)
                {
                    if ((Columns[((plain[letter] - ' ') * 5) + (dot / 8)] >> (dot % 8) & 1) == 0) continue;
                    int left = x + (((letter * Advance) + (dot / 8)) * scale), top = y + (dot % 8 * scale);
                    if (left < 0 || left + scale > rows.Width) continue;
                    for (int row = Math.Max(0, top); row < Math.Min(top + scale, rows.Height); row++)
                    {
                        rows.GetRowSpan(row).Slice(left, scale).Fill(color);
                    }
                }
            }
        });
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (Rune rune in CanonicalForm.Decomposed(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) continue;
            plain.Append(rune.Value is >= ' ' and <= '~' ? (char)rune.Value : Rune.IsWhiteSpace(rune) ? ' '
                : rune.Value switch
            {
                0xD7 => 'x',
                0x2013 or 0x2014 or 0xB7 => '-',
                0x2018 or 0x2019 => '\'',
                0x201C or 0x201D => '"',
                _ => '?',
            });
        }
        return plain.ToString();
    }
}
