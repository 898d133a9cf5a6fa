using System.Buffers;
using System.Buffers.Text;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Json;

/// <summary>Decodes base64 that comes in pieces directly into a blob. Accepts base64url, white space, missing padding
/// and data URLs too.</summary>
internal sealed class Base64Decoder(BlobWriter writer)
{
    private const int Quantum = 4;
    private const int DecodedQuantum = 3;

    private readonly byte[] _carry = new byte[Quantum];
    private readonly byte[] _start = new byte[5];
    private int _started;
    private bool _isStarted;
    private bool _isInHeader;
    private int _carried;
    private int _padding;
    private bool _isUrl;

    private static ReadOnlySpan<byte> DataUrl => "data:"u8;

    /// <summary>False after a character that no form of base64 allows. It is skipped and decoding continues, because
    /// the rest was paid for.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>Takes the next characters; the span may be changed.</summary>
    public void Append(Span<byte> text)
    {
        if (!_isStarted) text = text[AppendStart(text)..];
        if (_isInHeader)
        {
            int comma = text.IndexOf((byte)',');
            if (comma < 0) return;
            _isInHeader = false;
            text = text[(comma + 1)..];
        }
        Decode(text);
    }

    // Gateways may add data:image/png;base64, in front, which may be split anywhere.
    private int AppendStart(ReadOnlySpan<byte> text)
    {
        int taken = 0;
        while (taken < text.Length && _started < DataUrl.Length && text[taken] == DataUrl[_started])
        {
            _start[_started++] = text[taken++];
        }
        if (taken == text.Length && _started < DataUrl.Length) return taken;
        _isStarted = true;
        _isInHeader = _started == DataUrl.Length;
        if (!_isInHeader) Decode(_start.AsSpan(0, _started));
        return taken;
    }

    private void Decode(Span<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (_carried == 0 && _padding == 0)
            {
                if (_isUrl) ToStandard(text);
                OperationStatus status = Base64.DecodeFromUtf8(
                    text, writer.GetSpan(DecodedQuantum), out int consumed, out int written, isFinalBlock: false);
                if (written > 0) writer.Advance(written);
                text = text[consumed..];
                if (status is OperationStatus.Done or OperationStatus.DestinationTooSmall) continue;
            }
            // A split quantum, padding, base64url or invalid characters are decoded one by one up to the next whole
            // quantum.
            text = text[AppendSlowly(text)..];
        }
    }

    /// <summary>Ends the text; false when it was not base64.</summary>
    public bool Finish()
    {
        if (!_isStarted) Decode(_start.AsSpan(0, _started));
        if (_isInHeader) IsValid = false;
        bool isPaddedWrong = _padding > 0 && (_carried == 0 || _carried + _padding != Quantum);
        if (_carried == 1 || isPaddedWrong) IsValid = false;
        if (_carried < 2) return IsValid;
        int tail = _carried - 1;
        _carry.AsSpan(_carried).Fill((byte)'A');
        DecodeCarry(tail);
        return IsValid;
    }

    private int AppendSlowly(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') continue;
            if (c == '=')
            {
                _padding++;
                continue;
            }
            if (c is (byte)'-' or (byte)'_')
            {
                _isUrl = true;
                c = c == '-' ? (byte)'+' : (byte)'/';
            }
            if (_padding > 0 || !(char.IsAsciiLetterOrDigit((char)c) || c is (byte)'+' or (byte)'/'))
            {
                IsValid = false;
                // Characters after the padding are not part of the data.
                if (_padding > 0) return text.Length;
                continue;
            }
            _carry[_carried++] = c;
            if (_carried < Quantum) continue;
            DecodeCarry(Quantum - 1);
            return i + 1;
        }
        return text.Length;
    }

    private void DecodeCarry(int length)
    {
        Base64.DecodeFromUtf8(_carry, writer.GetSpan(DecodedQuantum), out _, out _);
        writer.Advance(length);
        _carried = 0;
    }

    private static void ToStandard(Span<byte> text)
    {
        text.Replace((byte)'-', (byte)'+');
        text.Replace((byte)'_', (byte)'/');
    }
}
