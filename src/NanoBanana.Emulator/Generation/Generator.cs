using System.Globalization;
using NanoBanana.Emulator.Catalogue;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>
/// The model: turns a request that passed the rules into an answer. Nothing but the request decides what is in it, neither clock
/// nor chance, so the same request gives the same picture everywhere. Only the answer's id is its own, since every answer is billed.
/// </summary>
internal sealed class Generator(EmulatorOptions options)
{
    private const int SmallestSignature = 64 * 1024;
    private const int TextSignature = 4 * 1024;
    private const int BigSignature = 3 * 512 * 1024;
    private const int MaxPairs = 8;

    public GeneratedAnswer Generate(ModelEntry model, GenerateRequest request, AnswerFaults faults)
    {
        string prompt = request.Contents[^1].Text;
        PromptMark? mark = faults.Mark ?? PromptMark.Find(prompt);
        if (mark?.Effect == MarkEffect.Error)
            throw Scripted(mark.Argument);

        EmulatorPicture picture = PictureComposer.Compose(request);
        GeneratedAnswer answer = new()
        {
            ModelVersion = model.Id,
            ResponseId = NameMaker.Create(20),
            Usage = PromptUsage(model, request),
        };

        if (mark?.Effect is MarkEffect.Blocked or MarkEffect.NoCandidates)
        {
            answer.HasCandidate = false;
            if (mark.Effect == MarkEffect.Blocked)
                answer.PromptFeedback = Feedback(mark.Argument ?? "PROHIBITED_CONTENT");
            return answer;
        }

        int imageTokens = model.ImageTokens[request.ImageSize ?? ImageShape.DefaultSize];
        AnswerBuilder builder = new(this, model, request, picture, faults);
        builder.Think(always: mark?.Effect == MarkEffect.ThoughtsOnly);
        switch (mark?.Effect)
        {
            case null when request.MaxOutputTokens < imageTokens:
                builder.AddText("Here is the picture you asked", signed: true);
                answer.FinishReason = "MAX_TOKENS";
                break;
            case null:
                builder.Answer(pairs: 1);
                break;
            case MarkEffect.Interleaved:
                _ = int.TryParse(mark.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out int pairs);
                builder.Answer(pairs == 0 ? 2 : Math.Min(pairs, MaxPairs));
                break;
            case MarkEffect.EmptyTextSignature:
                builder.Answer(pairs: 1);
                builder.AddText("", signed: true);
                break;
            case MarkEffect.TextOnly:
                builder.AddText("I can describe the picture, but I did not draw it this time.", signed: true);
                break;
            case MarkEffect.MaxTokens:
                builder.AddText("Here is the picture you asked", signed: true);
                answer.FinishReason = "MAX_TOKENS";
                break;
            case MarkEffect.ThoughtsOnly:
                break;
            case MarkEffect.NoParts:
                answer.HasPartsField = false;
                break;
            case MarkEffect.FinishReason:
                answer.FinishReason = mark.Name;
                answer.FinishMessage = PromptMark.FinishMessages.GetValueOrDefault(mark.Name);
                break;
        }

        bool hasContent = mark?.Effect is not (MarkEffect.FinishReason or MarkEffect.NoContent);
        answer.Parts = hasContent ? builder.Parts : null;
        answer.Images = builder.Images;
        answer.Grounding = hasContent ? Grounding.For(request, prompt, builder.FirstText) : null;
        answer.Usage = answer.Usage with
        {
            AnswerText = builder.TextTokens,
            AnswerImage = builder.Images * imageTokens,
            Thoughts = ThoughtTokens(model, request, picture),
        };
        return answer;
    }

    private static ServiceException Scripted(string? argument)
    {
        int code = int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 503;
        (string status, string message) = code switch
        {
            400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
            429 => ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
            500 => ("INTERNAL", "An internal error has occurred. Please retry or report in "
                + "https://developers.generativeai.google/guide/troubleshooting"),
            504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
            _ => ("UNAVAILABLE", "The model is overloaded. Please try again later."),
        };
        return new ServiceException(code, status, message);
    }

    private static WireObject Feedback(string reason) => new()
    {
        { "blockReason", reason },
        { "blockReasonMessage", "The prompt could not be submitted. Rephrase the prompt." },
    };

    public static AnswerUsage PromptUsage(ModelEntry model, GenerateRequest request)
    {
        RequestPart[] parts = [.. request.Contents.SelectMany(turn => turn.Parts), .. request.SystemInstruction?.Parts ?? []];
        return new AnswerUsage
        {
            PromptText = parts.Sum(part => AnswerUsage.CountText(part.Text)),
            PromptImage = parts.Count(part => part.Media is not null) * model.InputImageTokens,
        };
    }

    private static int ThoughtTokens(ModelEntry model, GenerateRequest request, EmulatorPicture picture)
    {
        if (!model.Thinks)
            return 0;
        int planning = (request.ThinkingLevel ?? model.DefaultThinkingLevel) switch
        {
            "minimal" => 24,
            "medium" => 180,
            _ => 320,
        };
        return planning + new SplitMix64(picture.Seed).Below(64);
    }

    private bool BigImages => options.Big;

    private int SignatureLength(int? imageLength) => options.SignatureLength ?? (imageLength, options.Big) switch
    {
        (_, true) => BigSignature,
        (null, false) => TextSignature,
        ({ } length, false) => Math.Max(SmallestSignature, length),
    };

    /// <summary>Collects the parts of one answer and signs those that the service signs.</summary>
    private sealed class AnswerBuilder(
        Generator generator, ModelEntry model, GenerateRequest request, EmulatorPicture picture, AnswerFaults faults)
    {
        private readonly bool _showsText = request.Modalities.Count == 0 || request.Modalities.Contains("TEXT");
        private readonly bool _showsImage = request.Modalities.Count == 0 || request.Modalities.Contains("IMAGE");
        private readonly PixelSize _pixels = ImageShape.Pixels(model, request);

        public List<WireObject> Parts { get; } = [];

        public int Images { get; private set; }

        public int TextTokens { get; private set; }

        public string? FirstText { get; private set; }

        public void Think(bool always)
        {
            if (!request.IncludeThoughts && !always)
                return;

            Parts.Add(new WireObject
            {
                { "text", "**Planning the picture**\n\nI decide on the composition and the colours first." },
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
                    AddText(pairs == 1 ? "Here is your picture." : $"Step {index + 1} of {pairs}.", signed: index == 0);
                if (_showsImage)
                    AddImage(index);
            }
        }

        public void AddText(string text, bool signed)
        {
            if (!_showsText && text.Length > 0)
                return;
            WireObject part = new() { { "text", text } };
            if (signed && model.Thinks)
            {
                part.Add("thoughtSignature", (ReadOnlyMemory<byte>)ThoughtSignature.Create(
                    model.Id, ThoughtSignature.TextContent(text), generator.SignatureLength(null)));
            }

            Parts.Add(part);
            FirstText ??= text;
            TextTokens += AnswerUsage.CountText(text);
        }

        private void AddImage(int index)
        {
            EmulatorPicture drawn = index == 0 ? picture : picture with { Seed = picture.Seed + ((ulong)index << 32) };
            PixelSize pixels = faults.SmallerImage ? Half(_pixels) : _pixels;
            byte[] image = PictureWriter.Write(drawn, pixels, model.Returns, generator.BigImages);
            string declared = faults.WrongMimeType ? Other(model.Returns) : model.Returns;
            WireObject part = new() { { "inlineData", InlineData(image, declared) } };
            if (model.Thinks)
            {
                string hash = Sha256Hex.Of(image);
                part.Add("thoughtSignature", (ReadOnlyMemory<byte>)ThoughtSignature.Create(
                    model.Id, ThoughtSignature.ImageContent(declared, hash), generator.SignatureLength(image.Length)));
            }

            Parts.Add(part);
            Images++;
        }

        private static WireObject InlineData(byte[] image, string mimeType) =>
            new() { { "mimeType", mimeType }, { "data", (ReadOnlyMemory<byte>)image } };

        private static string Other(string mimeType) => mimeType == "image/png" ? "image/jpeg" : "image/png";

        private static PixelSize Half(PixelSize size) =>
            new(Math.Max(8, size.Width / 16 * 8), Math.Max(8, size.Height / 16 * 8));
    }
}
