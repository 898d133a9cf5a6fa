using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NanoBanana.Emulator.Drawing;

/// <summary> The description of an emulator's picture, stored in a PNG text chunk or a JPEG comment. Tests use it to
/// check references and edits; the emulator uses it to continue a picture without keeping state. </summary>
public sealed record EmulatorPicture
{
    internal const string Keyword = "NanoBanana.Emulator";

    /// <summary>Decides the pattern. An edit keeps the seed of the picture it edits.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The first 16 hex digits of the SHA-256 of the prompt that asked for this picture.</summary>
    public required string PromptHash { get; init; }

    /// <summary>The number of earlier pictures: 0 for a new picture, 1 for an edit, 2 for an edit of an edit.</summary>
    public int Depth { get; init; }

    /// <summary>One seed for each edit: what it added to the pattern, oldest first.</summary>
    public IReadOnlyList<ulong> Accents { get; init; } = [];

    /// <summary>The reference images, first one on top.</summary>
    public IReadOnlyList<EmulatorBand> Bands { get; init; } = [];

    /// <summary>How many gray levels (0 to 255) earlier edits have darkened it, if the emulator drifts.</summary>
    public double Drift { get; init; }

    /// <summary>By how many degrees (0 to 359) its edits turned the hue of all colors.</summary>
    public int Hue { get; init; }

    /// <summary>How often it was restyled: each time puts a grain of brighter and darker squares over it.</summary>
    public int Restyled { get; init; }

    /// <summary>The words it shows: those in quotation marks in its prompts. They are not drawn.</summary>
    public IReadOnlyList<string> Lettering { get; init; } = [];

    /// <summary>The words of the picture it was edited from.</summary>
    internal IReadOnlyList<string> FormerLettering { get; init; } = [];

    /// <summary>Whether it began as a foreign picture, whose pixels it keeps.</summary>
    public bool IsPhoto { get; init; }

    /// <summary>The pixels it is drawn on; null for a picture of shapes alone.</summary>
    internal Raster? Canvas { get; init; }

    /// <summary>How many gray levels this edit darkens its canvas, in addition to earlier edits.</summary>
    internal double CanvasDrift { get; init; }

    /// <summary>The same for its hue.</summary>
    internal int CanvasHue { get; init; }

    /// <summary>The same for its grain.</summary>
    internal int CanvasRestyled { get; init; }

    /// <summary>The band every emulator draws for a reference image with this content.</summary>
    public static EmulatorBand BandFor(ReadOnlySpan<byte> image) =>
        BandFor(Sha256Hex.Of(image));

    /// <summary>Reads the picture from a whole image.</summary>
    /// <returns>Null when no emulator made the image.</returns>
    public static EmulatorPicture? TryRead(Stream image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using MemoryStream copy = new();
        image.CopyTo(copy);
        return TryRead(copy.GetBuffer().AsSpan(0, (int)copy.Length));
    }

    /// <summary>Reads the picture from a whole image.</summary>
    /// <returns>Null when no emulator made the image.</returns>
    public static EmulatorPicture? TryRead(ReadOnlySpan<byte> image) => ImageHeader.TryRead(image)?.MimeType switch
    {
        "image/png" => FromPng(image),
        "image/jpeg" => FromJpeg(image),
        _ => null,
    };

    internal static EmulatorBand BandFor(string hash)
    {
        hash = hash[..16];
        SplitMix64 stream = new(ulong.Parse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Rgb color = Rgb.FromHsl(stream.Below(360), 0.55 + (stream.Below(40) / 100.0),
            0.35 + (stream.Below(30) / 100.0));
        return new EmulatorBand(hash, color.R, color.G, color.B);
    }

    /// <summary>The text that is written into the image.</summary>
    internal string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"1 seed={Seed:x16} prompt={PromptHash} depth={Depth} accents={string.Join(',', Accents.Select(a => a.ToString("x16", CultureInfo.InvariantCulture)))} bands={string.Join(',', Bands.Select(band => band.Hash))}")
        + (IsPhoto ? " photo=1" : "")
        + (Hue != 0 ? string.Create(CultureInfo.InvariantCulture, $" hue={Hue}") : "")
        + (Restyled > 0 ? string.Create(CultureInfo.InvariantCulture, $" restyled={Restyled}") : "")
        + (Drift > 0 ? string.Create(CultureInfo.InvariantCulture, $" drift={Drift:0.###}") : "")
        + (Lettering.Count > 0 ? $" lettering={Drawing.Lettering.Encode(Lettering)}" : "");

    private static EmulatorPicture? FromText(string text)
    {
        Dictionary<string, string> fields = [];
        foreach (string word in text.Split(' '))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) fields[word[..equals]] = word[(equals + 1)..];
        }

        if (!text.StartsWith("1 ", StringComparison.Ordinal)
            || !TryHex(fields.GetValueOrDefault("seed"), out ulong seed)
            || !fields.TryGetValue("prompt", out string? prompt)
            || !int.TryParse(fields.GetValueOrDefault("depth"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int depth))
            return null;

        return new EmulatorPicture
        {
            Seed = seed,
            PromptHash = prompt,
            Depth = depth,
            IsPhoto = fields.GetValueOrDefault("photo") == "1",
            Hue = Whole("hue") % 360,
            Restyled = Whole("restyled"),
            Accents = [.. List("accents").Select(item => TryHex(item, out ulong accent) ? accent : 0)],
            Drift = double.TryParse(
                fields.GetValueOrDefault("drift"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out double drift) ? drift : 0,
            Lettering = Drawing.Lettering.Decode(fields.GetValueOrDefault("lettering", "")),
            Bands = [.. List("bands").Where(item => item.Length == 16 && TryHex(item, out _)).Select(BandFor)],
        };

        int Whole(string name) => int.TryParse(fields.GetValueOrDefault(name), NumberStyles.None,
            CultureInfo.InvariantCulture, out int value) ? value : 0;

        string[] List(string name) =>
            fields.GetValueOrDefault(name, "").Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool TryHex(string? text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);

    private static EmulatorPicture? FromPng(ReadOnlySpan<byte> image)
    {
        int offset = 8;
        while (offset + 12 <= image.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(image[offset..]);
            if (length < 0 || length > image.Length - offset - 12) return null;
            ReadOnlySpan<byte> data = image.Slice(offset + 8, length);
            if (image.Slice(offset + 4, 4).SequenceEqual("tEXt"u8) && TryText(data, out string text))
            {
                return FromText(text);
            }
            offset += length + 12;
        }

        return null;
    }

    private static EmulatorPicture? FromJpeg(ReadOnlySpan<byte> image)
    {
        int offset = 2;
        while (offset + 4 <= image.Length && image[offset] == 0xFF && image[offset + 1] != 0xDA)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(image[(offset + 2)..]);
            if (length < 2 || length > image.Length - offset - 2) return null;
            if (image[offset + 1] == 0xFE && TryText(image.Slice(offset + 4, length - 2), out string text))
            {
                return FromText(text);
            }
            offset += 2 + length;
        }

        return null;
    }

    // Both formats contain "keyword NUL text", as required for a PNG text chunk.
    private static bool TryText(ReadOnlySpan<byte> data, out string text)
    {
        string all = Encoding.Latin1.GetString(data);
        bool found = all.StartsWith(Keyword + "\0", StringComparison.Ordinal);
        text = found ? all[(Keyword.Length + 1)..] : "";
        return found;
    }
}
