namespace NanoBanana.Imaging.Filters;

/// <summary>A color profile that comes in several segments of a JPEG, each with its number and their count before
/// it.</summary>
internal sealed class JpegProfile
{
    private readonly SortedDictionary<byte, byte[]> _parts = [];
    private int _length;

    /// <summary>Adds a segment; a profile that is too large is dropped.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (data.Length < 3 || _length > PictureFilter.ProfileLimit) return;
        _length += data.Length;
        _parts.TryAdd(data[0], data[2..].ToArray());
    }

    /// <summary>The profile; null for none, or one that is too large.</summary>
    public byte[]? Whole() =>
        _parts.Count == 0 || _length > PictureFilter.ProfileLimit ? null : [.. _parts.Values.SelectMany(part => part)];
}
