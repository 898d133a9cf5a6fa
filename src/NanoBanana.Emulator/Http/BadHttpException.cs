namespace NanoBanana.Emulator.Http;

/// <summary>Bytes on the wire that are no HTTP/1.1 request; the connection cannot be used any more.</summary>
internal sealed class BadHttpException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
