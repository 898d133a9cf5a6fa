using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>
/// Decides what the picture shows from the request alone: what the history's pictures remember, the references, and the
/// words of the last user turn.
/// </summary>
internal static class PictureComposer
{
    public static EmulatorPicture Compose(GenerateRequest request)
    {
        EmulatorPicture? former = null;
        List<EmulatorBand> bands = [];
        foreach (RequestTurn turn in request.Contents)
        {
            RequestMedia[] images = [.. turn.Parts.Where(part => !part.Thought && part.Media is { IsImage: true })
                .Select(part => part.Media!)];
            if (turn.IsModel)
            {
                if (images.LastOrDefault()?.Picture is { } answered)
                {
                    former = answered;
                    Union(bands, answered.Bands);
                }

                continue;
            }

            // One picture of ours with words is an edit that begins a new conversation; several are references.
            if (former is null && images is [{ Picture: { } single }])
                former = single;
            foreach (RequestMedia image in images)
                Union(bands, [.. image.Picture?.Bands ?? [], EmulatorPicture.BandFor(image.Hash)]);
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(request.Contents[^1].Text));
        ulong seed = BinaryPrimitives.ReadUInt64LittleEndian(hash) ^ (ulong)(request.Seed ?? 0);
        return new EmulatorPicture
        {
            Seed = former?.Seed ?? seed,
            PromptHash = Sha256Hex.Format(hash.AsSpan(0, 8)),
            Depth = former is null ? 0 : former.Depth + 1,
            Accents = former is null ? [] : [.. former.Accents, seed],
            Bands = bands,
        };
    }

    private static void Union(List<EmulatorBand> bands, IEnumerable<EmulatorBand> more)
    {
        foreach (EmulatorBand band in more)
        {
            if (!bands.Contains(band))
                bands.Add(band);
        }
    }
}
