namespace NanoBanana.Emulator.Drawing;

/// <summary>The example tables of ITU-T T.81, annex K, in the form a JPEG file carries them.</summary>
internal static class JpegTables
{
    public static readonly int[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14,
            21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
            47, 55,
        62, 63,
    ];

    public static readonly int[] LuminanceQuantization =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
            51, 87,
        80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
            72, 92,
        95, 98, 112, 100, 103, 99,
    ];

    public static readonly int[] ChrominanceQuantization =
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99,
            99, 99,
        99, 99, .. Enumerable.Repeat(99, 32),
    ];

    public static readonly byte[] LuminanceDc =
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    public static readonly byte[] ChrominanceDc =
        [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    public static readonly byte[] LuminanceAc = Convert.FromHexString(
        "0002010303020403050504040000017D"
        + "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A4344"
        + "45464748494A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4"
        + "B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA");

    public static readonly byte[] ChrominanceAc = Convert.FromHexString(
        "00020102040403040705040400010277"
        + "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738393A43"
        + "4445464748494A535455565758595A636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2"
        + "B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA");

    /// <summary>The transform's factors in 13-bit fixed point; rounding removes what libraries disagree
    /// about.</summary>
    public static readonly int[] Cosines = [.. Enumerable.Range(0, 64).Select(index =>
    {
        int u = index / 8;
        int x = index % 8;
        double scale = u == 0 ? Math.Sqrt(1.0 / 8) : 0.5;
        return (int)Math.Round(8192 * scale * Math.Cos(((2 * x) + 1) * u * Math.PI / 16));
    })];

    /// <summary>The quantization at quality 90.</summary>
    public static int[] Scaled(int[] table) =>
        [.. table.Select(value => Math.Clamp(((value * 20) + 50) / 100, 1, 255))];

    /// <summary>The Huffman codes of a table, by symbol.</summary>
    public static Code[] Codes(byte[] table)
    {
        Code[] codes = new Code[256];
        uint code = 0;
        int symbol = 16;
        for (int length = 1; length <= 16; length++)
        {
            for (int count = 0; count < table[length - 1]; count++) codes[table[symbol++]] = new Code(code++, length);
            code <<= 1;
        }

        return codes;
    }

    /// <summary>One Huffman code.</summary>
    public readonly record struct Code(uint Bits, int Length);
}
