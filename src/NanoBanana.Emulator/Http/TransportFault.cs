namespace NanoBanana.Emulator.Http;

/// <summary>What the connection does to an answer.</summary>
/// <param name="Kind">Where it breaks.</param>
/// <param name="Bytes">How much is sent before it breaks, or by how much the length lies; null for the door's choice.</param>
internal sealed record TransportFault(TransportFaultKind Kind, int? Bytes);
