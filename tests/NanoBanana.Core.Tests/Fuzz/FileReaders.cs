using System.Text;
using System.Text.Json;
using NanoBanana.Batches;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Reviews;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Localization;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Prompts;
using NanoBanana.Requests;
using NanoBanana.Storage;
using NanoBanana.Tests.Pictures;

namespace NanoBanana.Tests.Fuzz;

/// <summary>Readers of the files that a user, a colleague or an older version has written.</summary>
internal static class FileReaders
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 2000 };

    private const string Items = """
        {"defaults":{"model":"nb2","size":"1K","grounding":["web"]},"anchors":[{"name":"kael","role":"character","paths":["kael.png"]}],
         "items":[{"name":"a","prompt":"a fox","anchors":["kael"],"aspectRatio":"16:9","thinkingLevel":"high","includeThoughts":true},
         {"name":"b","from":"a","edit":"a hat","rebase":true,"maxHistory":3,"imageOnly":true,"seed":7},
         {"name":"c","prompt":"c","references":[{"path":"one.jpg","sha256":"00","role":"style","name":"x","description":"y"}],
          "safetyThreshold":["HARASSMENT=OFF"],"systemInstruction":"plain","outFile":"sub/c.png"}]}
        """;

    private const string Varied = """
        {"edition":"2026-W48","webhooks":["https://host/hook"],"defaults":{"size":"1K"},
         "matrix":{"light":["dawn","dusk"],"seed":[1,2]},
         "localize":{"from":["a"],"languages":["de","ja"],"text":"strings.csv","keys":["a"],"sourceLanguage":"en"},
         "items":[{"name":"a","prompt":"a fox at {light}","matrix":{"style":["ink","photo"]}},
         {"name":"b","prompt":"b","lettering":["SALE"],"minimumScore":80,"maximumTryCount":2}]}
        """;

    private const string Strings = "key,en,de,ja,note\na,Open,\"Offen, jetzt\",\u958b\u5e97,short\nb,x,y,z,\n";

    private const string Contents = """
        [{"role":"user","parts":[{"text":"a fox"}]},{"role":"model","parts":[{"text":"ok","thoughtSignature":"AAAA"},
         {"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}]
        """;

    private const string Reviewed =
        """{"$review":1,"items":{"one":{"decision":"approved","sha256":"00","note":"n","by":"me","at":"2026-11-27T00:00:00Z"}}}""";

    private const string Table = """[{"prompt":"a","size":"1K","seed":"5","anchors":"a;b"},{"x":""}]""";

    private const string Catalog = """
        {"defaultModel":"nb2","batchPriceFactor":0.5,"models":[{"id":"mine","name":"Mine","aliases":["m"],"sizes":["1K"],
         "ratios":["1:1"],"pixels":"mine","thinking":{"levels":["low"],"always":false},"references":{"total":3,"object":2},
         "grounding":["web"],"maxOutputTokens":4096,"inputImageTokens":258,"retirement":{"shutdown":"2099-01-01","confirmed":true},
         "prices":{"textInPerMillion":0.5,"textOutPerMillion":3,"imageOutPerMillion":60,"images":{"1K":{"usd":0.067,"tokens":1120}}}},
         {"id":"gemini-nano-banana-2.1","prices":null}],"pixels":{"mine":{"1:1":{"1K":"1024x1024"}}}}
        """;

    private const string Template = """
        {"templates":[{"name":"mine","kind":"edit","description":"d","text":["A {thing} in {place}.","By {name}."],"advice":"-Size 2K",
         "slots":[{"name":"thing","description":"d","default":"fox","examples":["a","b"]}]}]}
        """;

    private const string Presets =
        """{"presets":[{"name":"mine","width":10,"height":20,"title":"t","fit":"cover","format":"png","quality":5}]}""";

    private const string Words =
        """{"sheet":{"view":"{subject}: {view}","views":{"front":"from the front"}},"roles":{"Character":"who"}}""";

    public static IEnumerable<FuzzReader> All =>
    [
        new("a manifest", _ => FuzzBench.Texts(Items, "[" + Items + "]", "[{\"prompt\":\"a\"},\"b\"]"),
            (bench, input) => Plan(bench, bench.Put("theirs.json", input))),
        new("a manifest of lines", _ => FuzzBench.Texts(
            "{\"defaults\":{\"size\":\"1K\"}}\n{\"name\":\"a\",\"prompt\":\"x\"}\n\n{\"prompt\":\"y\",\"name\":\"b\"}\n"),
            (bench, input) => Plan(bench, bench.Put("theirs.jsonl", input))),
        new("a manifest with a matrix and languages", _ => FuzzBench.Texts(Varied), (bench, input) =>
        {
            bench.Put("strings.csv", Encoding.UTF8.GetBytes(Strings));
            Plan(bench, bench.Put("theirs.json", input));
        }, 100),
        new("a table of lettering", _ => FuzzBench.Texts(Strings, "sep=;\nlanguage;text\nde;\"a\"\"b\nc\"\n",
            "\ufeffkey\tde\na\tx\n"), (bench, input) => Lettering(bench.Put("strings.csv", input))),
        new("a table of lettering in JSON", _ => FuzzBench.Texts("""{"de":{"a":"x","b":"y"},"ja":{"a":"z","b":"w"}}""",
            """[{"language":"de","key":"a","text":"x"},{"language":"ja","text":"y","note":"n"}]""", """{"de":["x","y"]}"""),
            (bench, input) => Lettering(bench.Put("strings.json", input))),
        new("a review", _ => FuzzBench.Texts(Reviewed), (bench, input) =>
        {
            bench.Put(Review.FileName, input);
            Review.Parse(input, "review.json").Find("one", "00");
            BatchPlan.Create(Batch.Read(bench.Folder), bench.Service, destination: bench.Folder);
        }, 100),
        new("a chat of another program", _ => FuzzBench.Texts(Contents, WireReaders.AnswerText), async (_, input) =>
            await GeminiContents.ReadAsync(Encoding.UTF8.GetString(input), "a fox")),
        new("what a video or a document holds", _ => [MediaSamples.Mp4(3), MediaSamples.Webm(3), MediaSamples.Pdf(3),
            MediaSamples.Pdf(3, isPacked: true)], (_, input) =>
        {
            Picture media = Picture.FromInput(Blob.FromBytes(input), "x");
            MediaLength.Of(media.Data, media.Format);
        }),
        new("rows", _ => FuzzBench.Texts(Items, Table), Rows),
        new("batch.json", bench => [bench.Bytes("batch.json")], (bench, input) =>
        {
            bench.Put("batch.json", input);
            ManifestWriter.IsOurs(input);
            BatchPlan.Create(Batch.Read(bench.Folder), bench.Service, destination: bench.Folder);
        }, 100),
        new("a sidecar", bench => [bench.Bytes("one.jpg.nb.json"), bench.Bytes("two.jpg.nb.json")], Sidecars),
        new("an anchor", bench => [bench.Bytes("kael.anchor.json")], (bench, input) =>
        {
            bench.Put("kael.anchor.json", input);
            var library = new AnchorLibrary(bench.Folder);
            foreach (string name in library.Names)
            {
                library.Find(name)?.CountedBy(ModelCatalog.BuiltIn, new DateOnly(2026, 11, 27));
            }
        }),
        new("templates", _ => FuzzBench.Texts(Template, "{\"name\":\"mine\",\"text\":[\"{a} {b}\"]}"), Templates),
        new("a catalog", _ => FuzzBench.Texts(Catalog), Catalogs),
        new("the wording of prompts", _ => FuzzBench.Texts(Words, """{"sheet":{"view":null},"roles":{"Character":null}}"""), (bench, input) =>
        {
            PromptComposer composer = PromptComposer.Load(bench.Put("words.json", input));
            foreach (string view in composer.SheetViews) composer.ComposeView("kael", view);
            composer.ComposeChoice("x", 1, 2);
            using var service = new ImageService(bench.Service.Client, ModelCatalog.BuiltIn, composer);
            Picture picture = Picture.FromFile(bench["one.jpg"]);
            service.Prepare(new ImageRequest
            {
                Prompt = "x", References = [new Reference(picture, ReferenceRole.Character, "kael", "scarf"),
                    new Reference(picture, ReferenceRole.Style)],
            });
        }, 100),
        new("presets", _ => FuzzBench.Texts(Presets), (bench, input) =>
        {
            foreach (Preset preset in Preset.Load(bench.Put("presets.json", input))) preset.ToTarget();
        }),
        new("a kept answer", _ => FuzzBench.Texts(WireReaders.AnswerText, $"data: {WireReaders.AnswerText}\n\n", "{\"x\":\"" + WireReaders.Png + "\"}"),
            (bench, input) => KeptAnswerFile.Import(bench.Put("kept.json", input))),
        new("an upload cache", _ => FuzzBench.Texts("""{"uri":"https://x/files/a","expires":"2099-01-01T00:00:00.0000000+00:00"}""", "{\"uses\":5}"),
            Uploads),
        new("a picture", Pictures, PictureOf),
        new("what a data address holds", _ => FuzzBench.Texts("image/png;base64," + WireReaders.Png), (_, input) =>
            ImageAddress.FetchAsync("data:" + Encoding.UTF8.GetString(input), CancellationToken.None)),
    ];

    private static void Plan(FuzzBench bench, string path)
    {
        Manifest manifest = Manifest.Load(path);
        BatchPlan.Create(manifest, bench.Service);
        using var text = new MemoryStream();
        new ManifestWriter(manifest, bench.Folder, new PictureLibrary(manifest, null)).Write(text);
    }

    // As PowerShell hands them over: names and values of any kind.
    private static void Rows(FuzzBench bench, byte[] input)
    {
        JsonElement json;
        try
        {
            json = JsonSerializer.Deserialize<JsonElement>(input, Deep);
        }
        catch (JsonException)
        {
            return;
        }
        object?[] rows = Value(json) is object?[] list ? list : [Value(json)];
        var named = rows.OfType<Dictionary<string, object?>>().ToList();
        foreach (Dictionary<string, object?> row in named) Manifest.ReadRow(row);
        BatchPlan.Create(Manifest.FromObjects(named, bench.Folder), bench.Service);
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Fields(json),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => TextOf(json),
        JsonValueKind.Number => json.TryGetInt32(out int small) ? small : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Dictionary<string, object?> Fields(JsonElement json)
    {
        var fields = new Dictionary<string, object?>();
        foreach (JsonProperty property in json.EnumerateObject()) fields[NameOf(property)] = Value(property.Value);
        return fields;
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\ud800";
        }
    }

    private static string TextOf(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "a\ud800";
        }
    }

    private static void Sidecars(FuzzBench bench, byte[] input)
    {
        bench.Put("one.jpg.nb.json", input);
        Try(() => Sidecar.ReadCalls(bench["one.jpg.nb.json"]));
        NbImage image = ImageFile.Import(bench["one.jpg"]);
        ImageHistory.Of(image);
        Try(() => RecordedRequest.Of(image, bench.Service.Catalog, bench.Service.Prepare));
        Try(() => bench.Service.Prepare(new ImageRequest { Prompt = "a hat", Source = image }));
        Try(() => bench.Service.Prepare(new ImageRequest { Prompt = "a hat", Source = image, Rebase = true }));
        using var text = new MemoryStream();
        Sidecar.Write(text, image);
        // What is written can be read again.
        bench.Put("one.jpg.nb.json", text.ToArray());
        ImageFile.Import(bench["one.jpg"]);
    }

    private static void Templates(FuzzBench bench, byte[] input)
    {
        bench.Put("prompts/mine.json", input);
        PromptLibrary library = PromptLibrary.Load(bench["prompts"]);
        foreach (PromptTemplate template in library.Templates)
        {
            library.Find(template.Name);
            Try(() => template.Fill(template.Slots.ToDictionary(slot => slot.Name, slot => "words.")));
        }
    }

    private static void Catalogs(FuzzBench bench, byte[] input)
    {
        ModelCatalog catalog = ModelCatalog.Load(bench.Put("models.json", input));
        using var service = new ImageService(bench.Service.Client, catalog);
        foreach (ModelInfo model in catalog.Models)
        {
            catalog.Find(model.Name);
            foreach (string ratio in model.Ratios)
            {
                foreach (string size in model.Sizes) catalog.PixelsOf(model, ratio, size);
            }
            _ = $"{model} {model.Prices} {model.DefaultSize} {model.Retirement} {model.References}";
            foreach (string? size in model.Sizes.Append(null))
            {
                Try(() =>
                {
                    PreparedRequest request =
                        service.Prepare(new ImageRequest { Prompt = "x", Model = model.Id, Size = size });
                    Pricing.Actual(request.Model, request.Size, new() { CandidateTokens = 1120 }, 1);
                });
            }
        }
        Try(() => catalog.Resolve(null, new DateOnly(2026, 11, 27)));
    }

    private static void Uploads(FuzzBench bench, byte[] input)
    {
        string hash = new('a', 64);
        bench.Put($"uploads/owner/{hash}.json", input);
        bench.Put($"uploads/owner/{hash}.uses", input);
        UploadCache cache = UploadCache.InFolder(bench["uploads"]);
        cache.Find("owner", hash, DateTimeOffset.UtcNow);
        // To count writes the file anew.
        if (input.Length % 16 == 0) cache.CountUse("owner", hash, 1);
    }

    private static IReadOnlyList<byte[]> Pictures(FuzzBench bench) =>
    [
        bench.Bytes("one.jpg"), Convert.FromBase64String(WireReaders.Png),
        [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B],
        [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 9, 0, 0, .. new byte[20]],
        [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8 "u8, 30, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, 9, 0, 9, 0, .. new byte[20]],
        [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8L"u8, 30, 0, 0, 0, 0x2F, 9, 0, 9, 0, .. new byte[20]],
        [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, 0, 0, 0, 20, .. "ispe"u8, 0, 0, 0, 0, 0, 0, 0, 9,
            0, 0, 0, 9],
    ];

    private static void PictureOf(FuzzBench bench, byte[] input)
    {
        Blob blob = Blob.FromFile(bench.Put("theirs.png", input));
        PictureInfo.Read(blob);
        PictureEnd.IsReached(blob, isShortened: false);
        PictureEnd.IsReached(blob, isShortened: true);
        Try(() => Picture.FromBlob(blob, "x"));
        NbImage image = ImageFile.Import(bench.Put("theirs.png", input));
        Try(() => bench.Service.Prepare(new ImageRequest { Prompt = "x", Source = image }));
        _ = image.Height == 0 ? "" : $"{image.Width / image.Height}";
    }

    private static void Lettering(string path)
    {
        LetteringTable table = LetteringTable.Load(path);
        table.Texts([]);
        Try(() => table.Texts(["de"], "ja", table.Keys.Take(1)));
    }

    // Refused in our own words: the next use is tried all the same.
    private static void Try(Action use)
    {
        try
        {
            use();
        }
        catch (NbException)
        {
        }
    }
}
