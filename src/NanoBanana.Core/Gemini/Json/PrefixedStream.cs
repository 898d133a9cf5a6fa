namespace NanoBanana.Gemini.Json;

/// <summary>A stream some of whose first bytes were looked at before.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> beginning, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_beginning.IsEmpty) return rest.ReadAsync(buffer, cancellationToken);
        int count = Math.Min(buffer.Length, _beginning.Length);
        _beginning[..count].CopyTo(buffer);
        _beginning = _beginning[count..];
        return ValueTask.FromResult(count);
    }
}
