using System.Buffers;

namespace NanoBanana.Batches.Runs;

/// <summary>Copies single lines of a long text to files, without holding a whole line in memory.</summary>
internal static class LineSplitter
{
    private const int PieceLength = 256 * 1024;

    /// <summary>Copies lines.</summary>
    /// <param name="lines">The text; the caller disposes the stream.</param>
    /// <param name="paths">Full path of the file of each wanted line, by its number from 0; blank lines are not
    /// counted.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="IOException">A file could not be written.</exception>
    public static async Task CopyAsync(Stream lines, IReadOnlyDictionary<int, string> paths,
        CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        FileStream? file = null;
        try
        {
            int index = 0, last = paths.Keys.Max();
            bool isBlank = true;
            while (index <= last)
            {
                int read = await lines.ReadAsync(buffer.AsMemory(0, PieceLength), cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0) break;
                for (int at = 0; at < read;)
                {
                    int end = Array.IndexOf(buffer, (byte)'\n', at, read - at);
                    ReadOnlyMemory<byte> piece = buffer.AsMemory(at, (end < 0 ? read : end) - at);
                    isBlank &= piece.Span.Trim(" \t\r"u8).IsEmpty;
                    if (!isBlank && file is null && paths.TryGetValue(index, out string? path))
                    {
                        file = File.Create(path);
                    }
                    if (file is not null) await file.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                    if (end < 0) break;
                    if (file is not null) await file.DisposeAsync().ConfigureAwait(false);
                    file = null;
                    if (!isBlank) index++;
                    isBlank = true;
                    at = end + 1;
                }
            }
        }
        finally
        {
            if (file is not null) await file.DisposeAsync().ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
