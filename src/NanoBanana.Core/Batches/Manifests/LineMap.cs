namespace NanoBanana.Batches.Manifests;

/// <summary>Finds the line and column of an offset in a text.</summary>
internal sealed class LineMap
{
    private readonly List<long> _starts = [0];
    private readonly int _firstLine;

    /// <param name="text">UTF-8.</param>
    /// <param name="firstLine">Number of the text's first line in its file.</param>
    public LineMap(ReadOnlySpan<byte> text, int firstLine = 1)
    {
        _firstLine = firstLine;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\n') _starts.Add(i + 1);
        }
    }

    public TextPosition PositionOf(long offset)
    {
        int line = _starts.BinarySearch(offset);
        if (line < 0) line = ~line - 1;
        return new TextPosition(_firstLine + line, (int)(offset - _starts[line]) + 1);
    }
}
