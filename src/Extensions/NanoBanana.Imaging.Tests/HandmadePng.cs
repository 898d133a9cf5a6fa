namespace NanoBanana.Imaging.Tests;

/// <summary>Writes a PNG by hand, interlaced or not, with rows coded in each of the five ways: the library's own
/// encoder has faults there.</summary>
internal static class HandmadePng
{
    private static readonly int[][] Passes =
        [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

    /// <summary>Makes one whose pixels depend only on their position.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="color">The kind of color, as a PNG counts them: 0, 2, 3, 4 or 6.</param>
    /// <param name="depth">Bits a channel.</param>
    /// <param name="interlaced">Whether it is.</param>
    public static byte[] Make(int width, int height, int color, int depth, bool interlaced)
    {
        int bits = depth * color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        List<byte> rows = [];
        foreach (int[] pass in interlaced ? Passes : [[0, 0, 1, 1]])
        {
            byte[] before = [];
            for (int y = pass[1]; y < height && pass[0] < width; y += pass[3])
            {
                byte[] row = Row(y, pass[0], pass[2], width, bits);
                rows.AddRange(
                    Coded(row, before.Length == 0 ? new byte[row.Length]
                    : before, (y / pass[3]) % 5, Math.Max(1, bits / 8)));
                before = row;
            }
        }
        byte[] palette = [.. Enumerable.Range(0, 3 << Math.Min(depth, 8)).Select(i => (byte)(i * 37))];
        return
        [
            0x89, .. "PNG\r\n\x1A\n"u8,
            .. FileParts.PngChunk("IHDR",
            [0, 0, 0, (byte)width, 0, 0, 0, (byte)height, (byte)depth, (byte)color, 0, 0, (byte)(interlaced ? 1 : 0)]),
            .. color == 3 ? FileParts.PngChunk("PLTE", palette) : [],
            .. FileParts.PngChunk("IDAT", FileParts.Compressed([.. rows])),
            .. FileParts.PngChunk("IEND", []),
        ];
    }

    private static byte[] Row(int y, int x, int step, int width, int bits)
    {
        List<bool> all = [];
        for (; x < width; x += step)
        {
            var random = new Random((x * 1009) + y);
            for (int bit = 0; bit < bits; bit++) all.Add(random.Next(2) == 1);
        }
        byte[] row = new byte[(all.Count + 7) / 8];
        for (int i = 0; i < all.Count; i++) row[i / 8] |= (byte)(all[i] ? 0x80 >> (i % 8) : 0);
        return row;
    }

    private static IEnumerable<byte> Coded(byte[] row, byte[] before, int kind, int step)
    {
        yield return (byte)kind;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step], up = before[i], corner = i < step ? 0 : before[i - step];
            int guess = left + up - corner;
            int near = new[] { left, up, corner }.MinBy(value => Math.Abs(guess - value));
            yield return (byte)(row[i] - new[] { 0, left, up, (left + up) / 2, near }[kind]);
        }
    }
}
