namespace NanoBanana.Emulator.Http;

/// <summary>What the connection does to an answer.</summary>
/// <param name="Kind">Where it breaks.</param>
/// <param name="Bytes">How much is sent before it breaks, or by how much the announced length is wrong; null for the
/// default.</param>
internal sealed record TransportFault(TransportFaultKind Kind, int? Bytes);
