using System.Collections.Immutable;
using NanoBanana.Gemini;

namespace NanoBanana.Generation;

/// <summary>A call whose pictures are uploaded or inline.</summary>
/// <param name="Call">The call as it is sent.</param>
/// <param name="Warnings">Warnings about what differs from the request.</param>
internal sealed record UploadedCall(GenerateCall Call, ImmutableArray<string> Warnings);
