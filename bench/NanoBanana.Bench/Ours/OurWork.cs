using System.Collections.Immutable;
using NanoBanana.Bench.Serving;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Bench.Ours;

/// <summary>The work that is measured, done as the cmdlets do it: prepare, send, save.</summary>
internal sealed class OurWork(Uri server, string folder) : IDisposable
{
    private const int AtOnce = 32;
    private const int HistoryLength = 10;

    private readonly Dictionary<string, ImageService> _services = [];
    private readonly HttpClient _http = new();
    private readonly byte[] _buffer = new byte[256 * 1024];
    private object? _kept;
    private int _number;

    /// <summary>A small call that warms the same path up, and the call itself; each gives the bytes it moved.</summary>
    public (Func<Task<long>> WarmUp, Func<Task<long>> Call) Find(string work)
    {
        string[] words = work.Split(':');
        return words[0] switch
        {
            "answer-memory" => (() => KeepAsync("tiny"), () => KeepAsync(words[1])),
            "drain" => (() => DrainAsync("tiny"), () => DrainAsync(words[1])),
            "answer-file" => (() => SaveAsync("tiny"), () => SaveAsync(words[1])),
            "parallel-files" => (() => SaveAsync("tiny"), () => SaveManyAsync(words[1])),
            "request-references" => (() => ReferAsync(Path.Combine(folder, "warm")), () => ReferAsync(folder)),
            "make-history" => (() => Task.FromResult(0L), () => MakeHistoryAsync(words[1])),
            "edit-history" => (() => EditAsync(Path.Combine(folder, "warm")), () => EditAsync(folder)),
            "interaction-file" => (() => SaveAsync("events-tiny"), () => SaveAsync(words[1])),
            "interaction-edit" => (() => InteractAsync(Path.Combine(folder, "warm"), "v1_bench"),
                () => InteractAsync(folder, "v1_bench")),
            "interaction-steps" => (() => InteractAsync(Path.Combine(folder, "warm"), null),
                () => InteractAsync(folder, null)),
            "jsonl" => (() => ReadResultsAsync("jsonl-1"), () => ReadResultsAsync(words[1])),
            "jsonl-files" => (() => StoreResultsAsync("jsonl-1"), () => StoreResultsAsync(words[1])),
            _ => throw new ArgumentException($"No work is called '{work}'.", nameof(work)),
        };
    }

    public void Dispose()
    {
        foreach (ImageService service in _services.Values) service.Dispose();
        _http.Dispose();
        GC.KeepAlive(_kept);
    }

    private static long BytesOf(NbImage image) =>
        image.Length + (image.Conversation?.Turns[^1].Parts[0].Signature?.Length ?? 0);

    private ImageService Service(string answer)
    {
        if (!_services.TryGetValue(answer, out ImageService? service))
        {
            var client = new GeminiClient(
                GeminiEndpoint.ForGemini(new Uri(server, answer)), GeminiCredential.FromApiKey("bench"),
                new GeminiClientOptions
                {
                    Api = answer.StartsWith(CannedBody.EventsPrefix, StringComparison.Ordinal)
                        ? ModelApi.Interactions : ModelApi.GenerateContent,
                });
            _services[answer] = service = new ImageService(client, ModelCatalog.BuiltIn);
        }
        return service;
    }

    private Task<NbImage> MakeAsync(string answer, BlobSink sink, ImageRequest request) =>
        MakeAsync(Service(answer), sink, request);

    private static async Task<NbImage> MakeAsync(ImageService service, BlobSink sink, ImageRequest request)
    {
        ImmutableArray<NbImage> images = await service.SendAsync(service.Prepare(request), sink);
        return images[0];
    }

    private async Task<long> KeepAsync(string answer)
    {
        _kept = null;
        NbImage image = await MakeAsync(answer, BlobSink.Memory, new ImageRequest { Prompt = "A fox" });
        _kept = image;
        return BytesOf(image);
    }

    // What the platform's HTTP costs before anybody looks at a byte.
    private async Task<long> DrainAsync(string answer)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, new Uri(server, $"{answer}/v1beta/models/m:generateContent"))
        {
            Content = new StringContent("{}"),
        };
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        long bytes = 0;
        for (int read; (read = await body.ReadAsync(_buffer)) > 0;) bytes += read;
        return bytes;
    }

    private async Task<long> SaveAsync(string answer)
    {
        NbImage image = await MakeAsync(
            answer, BlobSink.Files(new BlobStore(folder)), new ImageRequest { Prompt = "A fox" });
        ImageFile.Save(image, Path.Combine(folder, $"fox-{Interlocked.Increment(ref _number)}.png"));
        return BytesOf(image);
    }

    private async Task<long> SaveManyAsync(string answer)
    {
        long[] bytes = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => SaveAsync(answer))));
        return bytes.Sum();
    }

    // New pictures every time, for a service that has seen none of them: those it has seen are uploaded once and not
    // sent again,
    // which would leave nothing to compare.
    private async Task<long> ReferAsync(string from)
    {
        ImmutableArray<Reference> references =
        [
            .. ImageFile.List(from).Select(path => new Reference(Picture.FromFile(path))),
        ];
        var newcomer = new ImageService(Service("tiny").Client, ModelCatalog.BuiltIn);
        await MakeAsync(newcomer, BlobSink.Memory,
            new ImageRequest { Prompt = "The five of them", References = references });
        return references.Sum(reference => reference.Picture.Data.Length);
    }

    private async Task<long> MakeHistoryAsync(string answer)
    {
        NbImage? image = null;
        ImmutableArray<Turn> turns = [];
        for (int i = 0; i < HistoryLength; i++)
        {
            image = await MakeAsync(answer, BlobSink.Files(new BlobStore(folder)),
                new ImageRequest { Prompt = "A fox" });
            turns = turns.AddRange(image.Conversation!.Turns);
        }
        var conversation = new Conversation(image!.Model!, turns);
        ImageFile.Save(image with { Conversation = conversation }, Path.Combine(folder, "history.png"));
        return conversation.BlobBytes;
    }

    // Past ImageService, which refuses what Google would: 120 MB of base64 is more than the 100 MB a request may have.
    // What is measured is the same: the history is verified, read from disk and sent.
    private async Task<long> EditAsync(string from)
    {
        Conversation history = ImageFile.Import(Path.Combine(from, "history.png")).Conversation!;
        foreach (Blob blob in history.Blobs) blob.Verify();
        var call = new GenerateCall
        {
            Model = history.Model,
            Contents = history.Turns.Add(new Turn(Turn.User, [new TextPart("At night")])),
        };
        await Service("tiny").Client.GenerateAsync(call, BlobSink.Memory);
        return history.BlobBytes;
    }

    // By the name of the answer before, or with all of them.
    private async Task<long> InteractAsync(string from, string? previous)
    {
        Conversation history = ImageFile.Import(Path.Combine(from, "history.png")).Conversation!;
        if (previous is null) foreach (Blob blob in history.Blobs) blob.Verify();
        var call = new GenerateCall
        {
            Model = history.Model,
            Contents = history.Turns.Add(new Turn(Turn.User, [new TextPart("At night")])),
            PreviousAnswer = previous,
        };
        await Service("events-tiny").Client.Api.GenerateAsync(call, BlobSink.Memory, scope: null,
            CancellationToken.None);
        return previous is null ? history.BlobBytes : 0;
    }

    // As Node's loop does: every image decoded, looked at, and let go.
    private async Task<long> ReadResultsAsync(string file)
    {
        long bytes = 0;
        await using Stream lines = await Service(file).Client.DownloadAsync("files/batch-bench");
        await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, BlobSink.Memory))
        {
            foreach (Blob blob in BlobsOf(result)) bytes += blob.Length;
        }
        return bytes;
    }

    // As a batch is received: every image and signature into the store, under its hash.
    private async Task<long> StoreResultsAsync(string file)
    {
        long bytes = 0;
        var store = new BlobStore(folder);
        await using Stream lines = await Service(file).Client.DownloadAsync("files/batch-bench");
        await foreach (BatchResult result in BatchResultReader.ReadAsync(lines, BlobSink.Files(store)))
        {
            foreach (Blob blob in BlobsOf(result))
            {
                bytes += blob.Length;
                store.Put(blob);
                // Two gigabytes are not kept on the disk of whoever runs this.
                File.Delete(store.PathOf(blob.Sha256));
            }
        }
        return bytes;
    }

    private static IEnumerable<Blob> BlobsOf(BatchResult result) =>
        new Conversation("", [result.Answer!.Candidates[0].Content!]).Blobs;
}
