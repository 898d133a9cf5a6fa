using System.Buffers.Binary;
using System.Globalization;
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
    private const int RecolorDegrees = 60;

    /// <param name="request">What was asked for.</param>
    /// <param name="drift">How many gray levels an edit loses.</param>
    public static EmulatorPicture Compose(GenerateRequest request, double drift)
    {
        EmulatorPicture? former = null;
        RequestMedia? canvas = null;
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
                    canvas = images[^1];
                    Union(bands, answered.Bands);
                }

                continue;
            }

            // One picture of ours with words is an edit that begins a new conversation; several are references.
            if (former is null && images is [var only] && (only.Picture ?? PhotoOf(only, drift)) is { } single)
            {
                former = single;
                canvas = only;
            }
            foreach (RequestMedia image in images)
            {
                Union(bands, [.. image.Picture?.Bands ?? [], EmulatorPicture.BandFor(image.Hash)]);
            }
        }

        IReadOnlyList<string> lettering = Lettering.In(request.Contents[^1].Text);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(request.Contents[^1].Text));
        (int hue, int restyled) = former is null ? (0, 0) : ChangesIn(request.Contents[^1].Text);
        ulong seed = BinaryPrimitives.ReadUInt64LittleEndian(hash) ^ (ulong)(request.Seed ?? 0);
        return new EmulatorPicture
        {
            Seed = former?.Seed ?? seed,
            PromptHash = Sha256Hex.Format(hash.AsSpan(0, 8)),
            Depth = former is null ? 0 : former.Depth + 1,
            // Who asks for other colors or another style gets them, and nothing else.
            Accents = former is null ? [] : hue + restyled > 0 ? former.Accents : [.. former.Accents, seed],
            Hue = former is null ? 0 : (former.Hue + hue) % 360,
            Restyled = former is null ? 0 : former.Restyled + restyled,
            CanvasHue = hue,
            CanvasRestyled = restyled,
            Bands = bands,
            Drift = former is null ? 0 : former.Drift + drift,
            FormerLettering = former?.Lettering ?? [],
            IsPhoto = former is { IsPhoto: true },
            Canvas = former is { IsPhoto: true } ? canvas!.Raster : null,
            // Whole levels, so that what is rounded away does not add up.
            CanvasDrift = former is null ? 0 : Math.Floor(former.Drift + drift) - Math.Floor(former.Drift),
            Lettering = lettering.Count > 0 ? lettering : former?.Lettering ?? [],
        };
    }

    /// <summary>The same picture as the model makes it the next time: another composition, or another addition to the
    /// one it edits.</summary>
    public static EmulatorPicture Varied(EmulatorPicture picture, ulong nonce)
    {
        ulong change = new SplitMix64(nonce).Next();
        return picture.Depth == 0
            ? picture with { Seed = picture.Seed ^ change }
            : picture with { Accents = [.. picture.Accents.SkipLast(1),
                picture.Accents.Count == 0 ? change : picture.Accents[^1] ^ change] };
    }

    /// <summary>The picture a model makes that did not look at what came with the prompt.</summary>
    public static EmulatorPicture WithoutReferences(EmulatorPicture picture) =>
        picture with
        {
            Seed = ~picture.Seed, Bands = [], Accents = [], Hue = 0, Restyled = 0, IsPhoto = false, Canvas = null,
        };

    // Somebody else's picture is edited as it is where edits drift: that is what is to be seen of them. One that is not
    // read here is looked at like any reference.
    private static EmulatorPicture? PhotoOf(RequestMedia image, double drift) =>
        drift > 0 && image.Raster is not null
            ? new EmulatorPicture
            {
                Seed = ulong.Parse(image.Hash.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                PromptHash = image.Hash[..16],
                IsPhoto = true,
            }
            : null;

    // In whole words at the beginning of the instruction, so that a scene may speak of both.
    private static (int Hue, int Restyled) ChangesIn(string instruction)
    {
        string first = instruction.TrimStart().Split([' ', ',', '.', ':', '\n'], 2)[0];
        return first.ToUpperInvariant() switch
        {
            "RECOLOR" => (RecolorDegrees, 0),
            "RESTYLE" => (0, 1),
            _ => (0, 0),
        };
    }

    private static void Union(List<EmulatorBand> bands, IEnumerable<EmulatorBand> more)
    {
        foreach (EmulatorBand band in more)
        {
            if (!bands.Contains(band)) bands.Add(band);
        }
    }
}
