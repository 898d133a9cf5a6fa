using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini.Http;
using NanoBanana.Tests.Batches;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Soak;

/// <summary>Answers, jobs and gateways as they really are, mixed at random: what was billed is received, uncertain or
/// kept, and every picture lies under its own name. Short by default; NB_SOAK=2000 says how many requests.</summary>
[Collection(SoakCollection.Name)]
public sealed class ShapeSoakTests(ITestOutputHelper output)
{
    private const int Seed = 20261127;
    private const int ItemsInJob = 20;

    // Answers with a picture in some place, as they were seen.
    private static readonly string[] Pictured =
    [
        "dataUrlText", "dataPrefix", "secondCandidate", "twoCandidates", "badPart", "zeroUsage", "emptyUsage",
        "noUsage", "unknownUsage", "modelStatus", "unknownFields", "oddOrder", "wrongMimeType", "thoughtsOnly",
    ];

    private static readonly string[] Framed =
        ["unaskedStream", "streamComment", "jsonGuard", "byteOrderMark", "gzip", "brotli", "oneByteChunks"];

    private static readonly string[] Pictureless = ["textOnly", "noImage", "unknownFinishReason", "linkedImage"];

    // Paid or not, nobody can know.
    private static readonly string[] Doubtful =
    [
        "lateBadGateway", "lateGatewayTimeout", "gatewayTimeout", "badGateway", "emptyBody", "html", "echoKey",
        "resetOnArrival", "resetBefore", "resetDuring", "truncate", "wrongContentLength",
    ];

    private static readonly string[] Errors = ["internal", "unavailable", "wrappedError", "arrayError", "rateLimit"];

    private static readonly string[] JobFaults =
    [
        "resultsWithoutKeys", "resultsShuffled", "resultWithoutKey", "unknownResultKey", "resultMissing", "resultTwice",
        "resultsInlined", "resultsLate", "resultsWithoutFile", "resultsEmpty", "deepResult", "overflowingResult",
        "brokenResult",
    ];

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("NB_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int count) ? count : 300;

    [Fact]
    public async Task Every_billed_live_call_is_received_uncertain_or_saved()
    {
        string[] shapes = [.. Pictured, .. Framed, .. Pictureless, .. Doubtful, .. Errors];
        string share = (0.6 / shapes.Length).ToString("0.######", CultureInfo.InvariantCulture);
        string rules = string.Join(',', shapes.Select(shape =>
            $$"""{"fault":"{{shape}}","path":"*:generateContent","retryDelay":"2ms","probability":{{share}}}"""));
        using var fixture = new EmulatorFixture(
            new EmulatorOptions
            {
                Faults = FaultScript.Parse($$"""{"seed":{{Seed}},"faults":[{{rules}}]}"""), SignatureLength = 512,
            },
            new GeminiClientOptions { MaximumRetryCount = 6, RetryDelay = TimeSpan.FromMilliseconds(1) });
        (BatchSummary summary, List<BatchItem> ended) = await fixture.RunAsync(EmulatorFixture.Many(Count),
            new BatchOptions { ThrottleLimit = 16 });
        IReadOnlyList<SoakItem> items = SoakItem.Join(ended.Where(item => item.IsFinal).Select(WithoutImage),
            LedgerFile.ReadAll(fixture.Destination).Events, fixture.Emulator.Journal.Entries);
        Assert.Equal(Count, items.Count);
        Assert.All(items, item => CheckLive(item, fixture.Destination));
        int received = items.Sum(item => item.Received), uncertain = items.Sum(item => item.Uncertain);
        int free = items.Count(item => item.Uncertain == 1 && item.Billed == 0);
        output.WriteLine($"{summary}\n{Counted(fixture.Emulator)}: {fixture.Billed} billed = {received} received or kept "
            + $"+ {uncertain} uncertain - {free} uncertain and free");
        Assert.Equal(fixture.Billed, received + uncertain - free);
        CheckNames(fixture.Destination, items.Select(item => item.Item));
    }

    [Fact]
    public async Task Every_billed_job_result_is_received_uncertain_saved_or_still_at_the_service()
    {
        var random = new Random(Seed);
        var sum = new Dictionary<string, int>();
        for (int job = 0; job * ItemsInJob < Count; job++)
        {
            string fault = job % 3 == 0 ? "none" : JobFaults[random.Next(JobFaults.Length)];
            string rule = fault == "none" ? ""
                : $$"""{"fault":"{{fault}}","path":"*:batchGenerateContent","item":{{random.Next(ItemsInJob) + 1}}}""";
            using var fixture = new EmulatorFixture(new EmulatorOptions
            {
                Faults = FaultScript.Parse($$"""{"faults":[{{rule}}]}"""),
                SignatureLength = 512,
                BatchPending = TimeSpan.Zero,
                BatchRunning = TimeSpan.Zero,
            });
            string json = Json(random);
            var options = new BatchOptions
            {
                Mode = BatchMode.Batch, TimeProvider = new SteppingTime(fixture.Emulator.Advance),
            };
            using Batch batch = fixture.Open(json, options);
            await foreach (BatchItem _ in batch.RunAsync()) { }
            CheckJob(fixture, batch, fault, sum);
        }
        output.WriteLine(string.Join(", ", sum.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static string Json(Random random)
    {
        string[] shapes = [.. Pictured, "textOnly", "linkedImage"];
        return "{\"defaults\":{\"model\":\"nb2-lite\",\"aspectRatio\":\"8:1\"},\"items\":["
            + string.Join(',', Enumerable.Range(1, ItemsInJob).Select(number =>
            {
                string mark = random.Next(2) == 0 ? "" : $" [[FAULT:{shapes[random.Next(shapes.Length)]}]]";
                return string.Create(CultureInfo.InvariantCulture,
                    $"{{\"name\":\"item-{number}\",\"prompt\":\"picture number {number}{mark}\"}}");
            })) + "]}";
    }

    private static void CheckLive(SoakItem item, string destination)
    {
        Assert.True(item.Billed <= 1, $"Paid twice: {item}");
        Assert.True(item.Received + item.Uncertain <= 1, $"Two ends: {item}");
        Assert.True(item.Billed == 0 || item.Received + item.Uncertain == 1, $"Lost: {item}");
        string[] faults = [.. item.Journal.SelectMany(entry => entry.Faults)];
        bool isDelivered = item.Journal.Any(entry => entry is { IsBilled: true, Images: > 0, IsReplaced: false })
            && !faults.Intersect(Doubtful).Any() && !faults.Contains("linkedImage");
        if (isDelivered) Assert.True(item.Item.State == BatchItemState.Succeeded, $"Not saved: {item}");
        if (faults is ["textOnly"] && item.Billed == 1 && item.Item.State == BatchItemState.Failed)
        {
            Assert.Contains(Path.Combine(destination, ".nb", "answers"), item.Item.Error!.Message,
                StringComparison.Ordinal);
        }
    }

    private static void CheckJob(EmulatorFixture fixture, Batch batch, string fault, Dictionary<string, int> sum)
    {
        IReadOnlyList<LedgerEvent> ledger = [.. LedgerFile.ReadAll(fixture.Destination).Events];
        HashSet<string> names = [.. batch.Items.Select(item => item.Name)];
        LedgerEvent[] received = [.. ledger.Where(line => line.Kind == LedgerEventKind.Received)];
        int own = received.Count(line => names.Contains(line.Item)), kept = received.Length - own;
        // Whose money is on record with a picture that was kept apart says no sum.
        int uncertain = ledger.Count(line => line.Kind == LedgerEventKind.Uncertain && line.Estimate is not null);
        int waiting = batch.Items.Count(item => item.State == BatchItemState.Submitted);
        string told = $"{fault}: billed {fixture.Billed}, received {own}, uncertain {uncertain}, kept {kept}, "
            + $"waiting {waiting}\n{string.Join('\n', batch.Items.Select(item => $"{item} {item.Error?.Message}"))}";
        Assert.True(fixture.Billed == own + uncertain + kept + waiting, told);
        foreach ((string what, int count) in new[]
        {
            ("billed", fixture.Billed), ("received", own), ("uncertain", uncertain), ("kept", kept),
            ("waiting", waiting), ($"jobs with {fault}", 1),
        })
        {
            sum[what] = sum.GetValueOrDefault(what) + count;
        }
        HashSet<string> onDisk = CheckNames(fixture.Destination, batch.Items);
        // A line that never came, or broke off, is the trouble of its one item.
        int lost = batch.Items.Count(item => !onDisk.Contains(HashOf(item.Prompt)) && !IsPictureless(item.Prompt)
            && item.State != BatchItemState.Submitted);
        Assert.True(lost <= (fault is "resultMissing" or "brokenResult" ? 1 : 0), told);
    }

    // What lies under an item's name is the item's; what lies under another is somebody's.
    private static HashSet<string> CheckNames(string destination, IEnumerable<BatchItem> items)
    {
        Dictionary<string, string> hashes = items.ToDictionary(item => item.Name, item => HashOf(item.Prompt));
        var found = new HashSet<string>();
        foreach (string path in Directory.GetFiles(destination, "*.jpg"))
        {
            using FileStream file = File.OpenRead(path);
            string hash = EmulatorPicture.TryRead(file)!.PromptHash;
            found.Add(hash);
            string name = Path.GetFileNameWithoutExtension(path);
            // item-3-2 is the second picture of item-3.
            string? item = name.StartsWith("item-", StringComparison.Ordinal)
                ? string.Join('-', name.Split('-')[..2]) : null;
            Assert.True(item is null ? hashes.ContainsValue(hash) : hashes[item] == hash, $"Wrong name: {path}");
        }
        return found;
    }

    private static bool IsPictureless(string prompt) => Pictureless.Any(shape =>
        prompt.Contains($"[[FAULT:{shape}]]", StringComparison.Ordinal));

    private static BatchItem WithoutImage(BatchItem item) => item with { Made = null };

    private static string Counted(EmulatorService emulator) =>
        $"{emulator.Statistics.Requests} requests, {emulator.Statistics.Faults.Values.Sum()} faults";

    private static string HashOf(string prompt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)))[..16];
}
