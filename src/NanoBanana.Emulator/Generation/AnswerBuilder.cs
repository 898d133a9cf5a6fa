using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>Collects the parts of one answer and signs those that the service signs.</summary>
internal sealed class AnswerBuilder(
    EmulatorOptions options, LinkedPictures links, ModelEntry model, GenerateRequest request, EmulatorPicture picture,
        AnswerFaults faults)
{
    private const int SmallestSignature = 64 * 1024;
    private const int TextSignature = 4 * 1024;
    private const int BigSignature = 3 * 512 * 1024;
    private static readonly PixelSize Thumbnail = new(128, 128);
    private readonly bool _showsText = request.Modalities.Count == 0 || request.Modalities.Contains("TEXT");
    private readonly bool _showsImage = request.Modalities.Count == 0 || request.Modalities.Contains("IMAGE");
    private readonly PixelSize _pixels = ImageShape.Pixels(model, request);

    public List<WireObject> Parts { get; } = [];

    /// <summary>SHA-256 of each result, in the order they are sent.</summary>
    public List<string> ImageHashes { get; } = [];

    public int TextTokens { get; private set; }

    public string? FirstText { get; private set; }

    public void Think(bool always)
    {
        if (!request.IncludeThoughts && !always) return;

        Parts.Add(new WireObject
        {
            { "text", "**Planning the picture**\n\nI decide on the composition and the colors first." },
            { "thought", true },
        });
        bool shows = (request.ThinkingLevel ?? model.DefaultThinkingLevel) != "minimal" || always;
        for (int index = 1; index <= 2 && shows && _showsImage; index++)
        {
            EmulatorPicture sketch = picture with { Accents = [], Seed = picture.Seed + (ulong)index };
            byte[] image = PictureWriter.Write(sketch, Half(_pixels), model.Returns, big: false);
            Parts.Add(new WireObject { { "inlineData", InlineData(image, model.Returns) }, { "thought", true } });
        }
    }

    public void Answer(int pairs)
    {
        for (int index = 0; index < pairs; index++)
        {
            if (_showsText)
            {
                AddText(pairs == 1 ? "Here is your picture." : $"Step {index + 1} of {pairs}.", signed: index == 0);
            }
            if (faults.BadPart is { } shape) Parts.Add(BadPart.Of(shape));
            if (!_showsImage) continue;
            if (faults.ManyImages == 0) AddImage(index, _pixels);
            for (int more = 0; more < faults.ManyImages; more++)
            {
                AddImage((index * faults.ManyImages) + more, Thumbnail);
            }
        }
    }

    public void AddText(string text, bool signed)
    {
        if (!_showsText && text.Length > 0) return;
        WireObject part = new() { { "text", text } };
        if (signed && model.Thinks)
        {
            part.Add("thoughtSignature", (ReadOnlyMemory<byte>)ThoughtSignature.Create(
                model.Id, ThoughtSignature.TextContent(text), SignatureLength(null)));
        }

        Parts.Add(part);
        FirstText ??= text;
        TextTokens += AnswerUsage.CountText(text);
    }

    private void AddImage(int index, PixelSize size)
    {
        EmulatorPicture drawn = index == 0 ? picture : picture with { Seed = picture.Seed + ((ulong)index << 32) };
        PixelSize pixels = faults.SmallerImage ? Half(size) : size;
        byte[] image = PictureWriter.Write(drawn, pixels, model.Returns, options.Big, isPadded: size != Thumbnail);
        string declared = faults.WrongMimeType ? Other(model.Returns) : model.Returns;
        WireObject part = Placed(image, declared);
        string hash = Sha256Hex.Of(image);
        if (model.Thinks && part["inlineData"] is not null)
        {
            part.Add("thoughtSignature", (ReadOnlyMemory<byte>)ThoughtSignature.Create(
                model.Id, ThoughtSignature.ImageContent(declared, hash), SignatureLength(image.Length)));
        }

        Parts.Add(part);
        ImageHashes.Add(hash);
    }

    private WireObject Placed(byte[] image, string mimeType) => faults.Place switch
    {
        PicturePlace.DataUrlText =>
            new() { { "text", $"![image](data:{mimeType};base64,{Convert.ToBase64String(image)})" } },
        PicturePlace.DataPrefix => new()
        {
            {
                "inlineData", new WireObject
                {
                    { "mimeType", mimeType }, { "data", $"data:{mimeType};base64,{Convert.ToBase64String(image)}" },
                }
            },
        },
        PicturePlace.Link => new()
        {
            { "text", $"Your picture is ready: ![image]({new Uri(faults.BaseUri, links.Add(image, mimeType))})" },
        },
        _ => new() { { "inlineData", InlineData(image, mimeType) } },
    };

    private int SignatureLength(int? imageLength) => options.SignatureLength ?? (imageLength, options.Big) switch
    {
        (_, true) => BigSignature,
        (null, false) => TextSignature,
        ({ } length, false) => Math.Max(SmallestSignature, length),
    };

    private static WireObject InlineData(byte[] image, string mimeType) =>
        new() { { "mimeType", mimeType }, { "data", (ReadOnlyMemory<byte>)image } };

    private static string Other(string mimeType) => mimeType == "image/png" ? "image/jpeg" : "image/png";

    private static PixelSize Half(PixelSize size) =>
        new(Math.Max(8, size.Width / 16 * 8), Math.Max(8, size.Height / 16 * 8));
}
