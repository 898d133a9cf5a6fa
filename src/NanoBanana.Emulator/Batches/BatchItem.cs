using System.Text.Json;

namespace NanoBanana.Emulator.Batches;

/// <summary>One request of a batch.</summary>
/// <param name="Key">The key of a line in a file, echoed in its result.</param>
/// <param name="Metadata">The metadata of an inline request, echoed in its response.</param>
/// <param name="Request">The request; undefined for a line that has none.</param>
internal sealed record BatchItem(JsonElement? Key, JsonElement? Metadata, JsonElement Request);
