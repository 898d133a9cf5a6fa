namespace NanoBanana.Emulator.Http;

/// <summary>Where a connection breaks.</summary>
internal enum TransportFaultKind
{
    /// <summary>No byte of an answer, the connection is reset.</summary>
    ResetBefore,

    /// <summary>Half of the answer, then a reset.</summary>
    ResetDuring,

    /// <summary>The whole answer, then a reset instead of an orderly end.</summary>
    ResetAfter,

    /// <summary>Half of the answer, then an orderly end of the connection.</summary>
    Truncate,

    /// <summary>A Content-Length that is too large (or too small, with a negative number of bytes).</summary>
    WrongContentLength,

    /// <summary>The beginning of the answer arrives byte by byte.</summary>
    OneByteChunks,

    /// <summary>The answer is made, and never sent.</summary>
    Hang,
}
