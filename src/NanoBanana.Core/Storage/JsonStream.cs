namespace NanoBanana.Storage;

/// <summary>The target of a JSON writer that also accepts long texts directly: the writer writes an empty text, and the
/// content is inserted before its closing quotation mark.</summary>
/// <param name="target">The underlying stream; it is left open.</param>
internal sealed class JsonStream(Stream target) : WriteOnlyStream
{
    private byte? _last;
    private bool _isHolding;

    /// <summary>Holds the last of the next bytes back until <see cref="Release"/>.</summary>
    public void Hold() => _isHolding = true;

    /// <summary>Writes the byte that was kept.</summary>
    public void Release()
    {
        _isHolding = false;
        if (_last is { } last) target.WriteByte(last);
        _last = null;
    }

    /// <summary>Writes past the writer.</summary>
    public void Insert(ReadOnlySpan<byte> bytes) => target.Write(bytes);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty) return;
        if (_last is { } last) target.WriteByte(last);
        _last = _isHolding ? buffer[^1] : null;
        target.Write(_isHolding ? buffer[..^1] : buffer);
    }
}
