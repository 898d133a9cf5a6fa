using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>How many bytes a request may carry inline. Bytes are counted as base64, as they are sent.</summary>
internal static class InlineLimit
{
    /// <summary>Bytes to stay below: Google's documented limit until January 2026, which proxies and older regions
    /// keep.</summary>
    public const long Budget = 20_000_000;

    /// <summary>Bytes the service takes at most since January 2026.</summary>
    public const long Max = 100_000_000;

    /// <summary>Bytes of the turns that no upload can replace: the model's images and signatures are sent back
    /// unchanged.</summary>
    public static long Fixed(IEnumerable<Turn> turns) => turns.Sum(turn => OfSteps(turn) + turn.Parts.Sum(part =>
        Base64(part.Signature) + (part is ImagePart image && turn.Role == Turn.Model ? Base64(image.Data) : 0)));

    /// <summary>Bytes of everything the request carries inline now.</summary>
    public static long All(IEnumerable<Turn> turns) => turns.Sum(turn => OfSteps(turn) + turn.Parts.Sum(part =>
        Base64(part.Signature) + Base64((part as ImagePart)?.Data)));

    private static long OfSteps(Turn turn) => turn.Steps.Sum(step => Base64(step.Signature));

    public static long Base64(Blob? blob) => blob is null ? 0 : RequestBody.Base64Length(blob.Length);
}
