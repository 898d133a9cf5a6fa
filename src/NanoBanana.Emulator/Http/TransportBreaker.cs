using System.Runtime.CompilerServices;

namespace NanoBanana.Emulator.Http;

/// <summary>Cuts a body as a transport fault demands; handler and server translate the exception.</summary>
internal static class TransportBreaker
{
    private const int DefaultSingleBytes = 4096;
    private const int DefaultLie = 100;

    /// <summary>The announced length, which a fault may falsify.</summary>
    public static long AnnouncedLength(EmulatorResponse response) =>
        response.Transport is { Kind: TransportFaultKind.WrongContentLength } fault
            ? Math.Max(0, response.Length + (fault.Bytes ?? DefaultLie))
            : response.Length;

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Body(
        EmulatorResponse response, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TransportFault? fault = response.Transport;
        long left = fault?.Kind switch
        {
            TransportFaultKind.ResetDuring or TransportFaultKind.Truncate => fault.Bytes ?? (response.Length / 2),
            TransportFaultKind.WrongContentLength => AnnouncedLength(response),
            _ => long.MaxValue,
        };
        int singles = fault?.Kind == TransportFaultKind.OneByteChunks ? fault.Bytes ?? DefaultSingleBytes : 0;
        await foreach (ReadOnlyMemory<byte> chunk in response.Body.WithCancellation(cancellationToken)
            .ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> rest = chunk.Length > left ? chunk[..(int)left] : chunk;
            left -= rest.Length;
            for (; singles > 0 && rest.Length > 1; singles--)
            {
                yield return rest[..1];
                rest = rest[1..];
            }

            if (rest.Length > 0) yield return rest;
            if (left == 0 && fault?.Kind is TransportFaultKind.ResetDuring or TransportFaultKind.Truncate)
            {
                throw new ConnectionBrokenException(fault.Kind == TransportFaultKind.ResetDuring);
            }
            if (left == 0) yield break;
        }

        if (left > 0 && fault?.Kind == TransportFaultKind.WrongContentLength)
        {
            throw new ConnectionBrokenException(isReset: false);
        }
        if (fault?.Kind == TransportFaultKind.ResetAfter) throw new ConnectionBrokenException(isReset: true);
    }
}
