using System.Buffers;

namespace NanoBanana.Gemini.Json;

/// <summary>One segment of a byte sequence.</summary>
internal sealed class Piece : ReadOnlySequenceSegment<byte>
{
    private Piece(ReadOnlyMemory<byte> bytes, long before)
    {
        Memory = bytes;
        RunningIndex = before;
    }

    /// <summary>Joins pieces to one sequence without copying.</summary>
    /// <param name="pieces">At least one.</param>
    public static ReadOnlySequence<byte> Together(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var first = new Piece(pieces[0], 0);
        Piece last = first;
        foreach (ReadOnlyMemory<byte> piece in pieces.Skip(1))
        {
            var next = new Piece(piece, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
