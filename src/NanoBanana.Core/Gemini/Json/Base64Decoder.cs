using System.Buffers;
using System.Buffers.Text;
using NanoBanana.Storage;

namespace NanoBanana.Gemini.Json;

/// <summary>Decodes base64 that comes in pieces straight into a blob. Takes base64url, white space and missing padding too.</summary>
internal sealed class Base64Decoder(BlobWriter writer)
{
    private const int Quantum = 4;
    private const int DecodedQuantum = 3;

    private readonly byte[] _carry = new byte[Quantum];
    private int _carried;
    private int _padding;
    private bool _isUrl;

    /// <summary>False once something came that no spelling of base64 allows; what follows is ignored.</summary>
    public bool IsValid { get; private set; } = true;

    /// <summary>Takes the next characters; the span may be changed.</summary>
    public void Append(Span<byte> text)
    {
        while (!text.IsEmpty && IsValid)
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
            // A torn quantum, padding, base64url or rubbish: character by character up to the next whole quantum.
            text = text[AppendSlowly(text)..];
        }
    }

    /// <summary>Ends the text; false when it was no base64.</summary>
    public bool Finish()
    {
        bool isPaddedWrong = _padding > 0 && (_carried == 0 || _carried + _padding != Quantum);
        if (_carried == 1 || isPaddedWrong) IsValid = false;
        if (!IsValid || _carried == 0) return IsValid;
        int tail = _carried - 1;
        _carry.AsSpan(_carried).Fill((byte)'A');
        DecodeCarry(tail);
        return true;
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
                return text.Length;
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
