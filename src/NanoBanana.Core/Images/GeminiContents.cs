using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Json;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Conversations in the service's own JSON, which every official SDK reads and writes: the <c>contents</c> of
/// a request, the history of a chat, a response.</summary>
public static class GeminiContents
{
    private static readonly JsonDocumentOptions Reading =
        new() { MaxDepth = 512, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The conversation of an image as a list of contents, pictures and signatures in base64. Pictures that
    /// were uploaded are included as bytes. An image without a conversation becomes a user's turn.</summary>
    /// <param name="image">The last image of the conversation.</param>
    /// <exception cref="NbException">A picture of the conversation cannot be read.</exception>
    public static async Task<string> WriteAsync(NbImage image)
    {
        ImmutableArray<Turn> turns = image.Conversation?.Turns
            ?? [new Turn(Turn.User, [new ImagePart(image.Data, image.Format.MimeType)])];
        RequestBody body = RequestWriter.WriteContents(turns.Select(turn => turn with
        {
            Parts = [.. turn.Parts.Select(Inline)],
        }));
        using var bytes = new MemoryStream();
        await body.WriteToAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static Part Inline(Part part) => part is FilePart { Source: { } source } file
        ? new ImagePart(source, file.MimeType)
        {
            Thought = file.Thought, Signature = file.Signature, Unknown = file.Unknown,
        }
        : part;

    /// <summary>The images of the model's last turn, each as the end of the conversation. A turn without an image gives
    /// a text.</summary>
    /// <param name="json">Contents, a chat's history, a response or its chunks, or a request beside its
    /// response.</param>
    /// <param name="prompt">The user's first prompt, if the JSON has only the model's answer; null if it has
    /// both.</param>
    /// <param name="model">Id of the model, if the JSON does not have it; null for the default model.</param>
    /// <exception cref="NbException">It is not JSON, or has no turn of a model.</exception>
    public static async Task<ImmutableArray<NbImage>> ReadAsync(
        string json, string? prompt = null, string? model = null)
    {
        var reading = new ContentReading();
        try
        {
            using var document = JsonDocument.Parse(json, Reading);
            await reading.AddAsync(document.RootElement).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ImageErrors.NoContents($"it is not JSON ({e.Message})");
        }
        List<Turn> turns = reading.Turns;
        int last = turns.FindLastIndex(turn => turn.Role == Turn.Model);
        if (last < 0) throw ImageErrors.NoContents("no turn of a model is in it");
        turns = turns[..(last + 1)];
        if (turns[0].Role == Turn.Model && prompt is not null)
        {
            turns.Insert(0, new Turn(Turn.User, [new TextPart(prompt)]));
        }
        bool isWhole = turns[0].Role != Turn.Model;
        string speaker = reading.Model ?? model
            ?? ModelCatalog.BuiltIn.Find(ModelCatalog.BuiltIn.DefaultModel)!.Id;
        Turn tip = turns[^1] with
        {
            Provenance = new Provenance
            {
                Prompt = turns.Count > 1 ? turns[^2].Text : null,
                Model = speaker,
                Usage = reading.Usage,
                ResponseId = reading.ResponseId,
            },
        };
        turns[^1] = tip;
        // The service would not continue a conversation without the user's first turn.
        Conversation? conversation = isWhole ? new Conversation(speaker, [.. turns]) : null;
        ImmutableArray<ImagePart> results = tip.Results;
        if (!results.IsEmpty)
        {
            return [.. results.Select(part => NbImage.Foreign(part.Data) with
            {
                Text = ImageHistory.TextBefore(tip.Parts, part, results),
                Conversation = conversation,
            })];
        }
        if (string.IsNullOrWhiteSpace(tip.Text)) throw ImageErrors.NoContents("the model's last turn has no picture");
        return [NbText.Of(tip.Text.Trim()) with { Conversation = conversation }];
    }

    private sealed class ContentReading
    {
        private bool _isChunk;

        public List<Turn> Turns { get; } = [];

        public string? Model { get; private set; }

        public TokenCount? Usage { get; private set; }

        public string? ResponseId { get; private set; }

        public async Task AddAsync(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Array:
                    foreach (JsonElement one in element.EnumerateArray()) await AddAsync(one).ConfigureAwait(false);
                    break;
                case JsonValueKind.String:
                    // As in the SDKs, a text is a user's turn.
                    Add(new Turn(Turn.User, [new TextPart(element.Text() ?? "")]), isChunk: false);
                    break;
                case JsonValueKind.Object when element.Field("candidates") is not null:
                    await AddContentsAsync(element).ConfigureAwait(false);
                    await AddAnswerAsync(element).ConfigureAwait(false);
                    break;
                case JsonValueKind.Object when element.Field("parts") is not null:
                    Answer turn = await ReadAsync(Wrapped(element)).ConfigureAwait(false);
                    Add(turn.Candidates[0].Content! with { Role = element.TextOf("role") ?? Turn.User },
                        isChunk: false);
                    break;
                case JsonValueKind.Object:
                    await AddContentsAsync(element).ConfigureAwait(false);
                    if (element.Field("response") is { } response) await AddAsync(response).ConfigureAwait(false);
                    break;
            }
        }

        private async Task AddContentsAsync(JsonElement element)
        {
            foreach (string name in new[] { "request", "history", "contents" })
            {
                if (element.Field(name) is { } inside) await AddAsync(inside).ConfigureAwait(false);
            }
        }

        private async Task AddAnswerAsync(JsonElement element)
        {
            Answer answer = await ReadAsync(Bytes(element.WriteTo)).ConfigureAwait(false);
            Model = answer.ModelVersion ?? Model;
            Usage = answer.Usage ?? Usage;
            ResponseId = answer.ResponseId ?? ResponseId;
            // The candidate with a picture; the others are not part of the conversation.
            Turn[] turns = [.. answer.Candidates.Select(candidate => candidate.Content).OfType<Turn>()];
            if (turns.FirstOrDefault(turn => !turn.Results.IsEmpty) is { } drawn) Add(drawn, isChunk: true);
            else if (turns.Length > 0) Add(turns[0], isChunk: true);
        }

        // In a streamed response, each chunk has a piece of the same turn.
        private void Add(Turn turn, bool isChunk)
        {
            if (isChunk && _isChunk) Turns[^1] = Turns[^1] with { Parts = Turns[^1].Parts.AddRange(turn.Parts) };
            else Turns.Add(turn);
            _isChunk = isChunk;
        }

        private static byte[] Wrapped(JsonElement content) => Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("candidates");
            json.WriteStartObject();
            json.WritePropertyName("content");
            content.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

        // Comments and trailing commas are removed.
        private static byte[] Bytes(Action<Utf8JsonWriter> write)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, Writing)) write(json);
            return bytes.ToArray();
        }

        private static async Task<Answer> ReadAsync(byte[] bytes)
        {
            using var json = new JsonStreamReader(new MemoryStream(bytes));
            await json.PeekAsync(CancellationToken.None).ConfigureAwait(false);
            await json.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            return await AnswerReader.ReadObjectAsync(json, BlobSink.Memory, CancellationToken.None)
                .ConfigureAwait(false);
        }
    }
}
