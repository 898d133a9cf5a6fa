namespace NanoBanana.Conversations;

/// <summary>Takes bytes as they arrive and turns them into a <see cref="Blob"/>; disposed before it is completed, it leaves nothing.</summary>
public abstract class BlobWriter : IDisposable
{
    private const int RoomLength = 48 * 1024;

    private byte[] _room = [];

    /// <summary>Adds bytes.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Room for the next bytes, so that they need not be copied; <see cref="Advance"/> adds what was put there.</summary>
    /// <param name="least">Bytes there must be room for, at most 4096. There is usually room for many more.</param>
    public virtual Span<byte> GetRoom(int least)
    {
        if (_room.Length == 0) _room = new byte[RoomLength];
        return _room;
    }

    /// <summary>Adds the first bytes of the room that <see cref="GetRoom"/> gave last.</summary>
    public virtual void Advance(int count) => Write(_room.AsSpan(0, count));

    /// <summary>Ends the blob. Nothing can be written after it.</summary>
    public abstract Blob Complete();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds bytes through the room, for a writer whose own room it is.</summary>
    private protected void CopyToRoom(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = GetRoom(1);
            int count = Math.Min(bytes.Length, room.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Discards what has not been completed.</summary>
    protected abstract void Dispose(bool disposing);
}
