using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>A body while it is read, with a copy of its bytes until it is known to be readable.</summary>
/// <remarks>The copy ends where the first picture begins, so a documented answer costs only a few hundred bytes
/// more.</remarks>
internal sealed class RawBody(Stream body) : ForwardStream
{
    // A longer body is kept in a file.
    private const int MostInMemory = 4 * 1024 * 1024;

    private Stream? _copy = new MemoryStream();

    /// <summary>Stops copying, because the body is readable.</summary>
    public void Understood()
    {
        _copy?.Dispose();
        _copy = null;
    }

    /// <summary>The part of the body read so far; null when it was readable or could not be copied.</summary>
    public async Task<byte[]?> SoFarAsync()
    {
        if (_copy is null || _copy.Length > Array.MaxLength) return null;
        try
        {
            byte[] read = new byte[_copy.Length];
            _copy.Position = 0;
            await _copy.ReadExactlyAsync(read).ConfigureAwait(false);
            return read;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The whole body, or as much as can be read; null when it was readable or could not be copied.</summary>
    public async Task<byte[]?> WholeAsync(CancellationToken cancellationToken)
    {
        if (_copy is null) return null;
        try
        {
            byte[] rest = new byte[81920];
            while (await ReadAsync(rest, cancellationToken).ConfigureAwait(false) > 0) { }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException
            or NbException)
        {
            // Only the bytes read so far are available.
        }
        return await SoFarAsync().ConfigureAwait(false);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_copy is not null) Copy(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Understood();
        base.Dispose(disposing);
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_copy is MemoryStream memory && memory.Length + bytes.Length > MostInMemory)
            {
                _copy = new FileStream(
                    Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 81920,
                        FileOptions.DeleteOnClose);
                memory.WriteTo(_copy);
                memory.Dispose();
            }
            _copy!.Write(bytes);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // The disk has no room for a copy, so reading continues without one.
            Understood();
        }
    }
}
