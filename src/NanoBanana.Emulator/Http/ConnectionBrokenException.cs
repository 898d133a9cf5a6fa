namespace NanoBanana.Emulator.Http;

/// <summary>The connection must break here.</summary>
internal sealed class ConnectionBrokenException(bool isReset) : IOException("The emulator breaks this connection.")
{
    /// <summary>True for a reset, false for an orderly end that comes too early.</summary>
    public bool IsReset { get; } = isReset;
}
