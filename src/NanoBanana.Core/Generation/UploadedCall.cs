using System.Collections.Immutable;
using NanoBanana.Gemini;

namespace NanoBanana.Generation;

/// <summary>A call whose pictures have their place.</summary>
/// <param name="Call">As it is sent.</param>
/// <param name="Warnings">What went differently than asked.</param>
internal sealed record UploadedCall(GenerateCall Call, ImmutableArray<string> Warnings);
