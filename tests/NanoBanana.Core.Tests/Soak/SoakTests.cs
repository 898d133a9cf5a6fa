using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Batches.Plans;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Models;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Soak;

/// <summary>
/// A batch against an emulator on a port that makes every fifth request fail in one of all the ways it knows. Short by
/// default; NB_SOAK=2000 says how many items.
/// </summary>
[Collection(SoakCollection.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Parallel = 16;
    private const double FaultShare = 0.2;

    // Left out are only those that end a batch on purpose: the quota of the day, of nothing, and the spend limit.
    private static readonly string[] Faults =
    [
        """ "fault":"rateLimit","retryDelay":"5ms" """,
        """ "fault":"rateLimit","retryDelay":"0.004s" """,
        """ "fault":"retryAfter","retryDelay":"0" """,
        """ "fault":"internal" """,
        """ "fault":"badGateway" """,
        """ "fault":"unavailable" """,
        """ "fault":"deadline" """,
        """ "fault":"requestTimeout" """,
        """ "fault":"status","code":418 """,
        """ "fault":"html" """,
        """ "fault":"html","code":200 """,
        """ "fault":"arrayError" """,
        """ "fault":"emptyBody" """,
        """ "fault":"latency","delay":"20ms" """,
        """ "fault":"hang" """,
        """ "fault":"resetOnArrival" """,
        """ "fault":"resetBefore" """,
        """ "fault":"resetDuring" """,
        """ "fault":"resetAfter" """,
        """ "fault":"truncate" """,
        """ "fault":"wrongContentLength" """,
        """ "fault":"oneByteChunks" """,
        """ "fault":"unknownFields" """,
        """ "fault":"oddOrder" """,
        """ "fault":"wrongMimeType" """,
        """ "fault":"smallerImage" """,
        """ "fault":"thoughtsOnly" """,
        """ "fault":"noImage" """,
        """ "fault":"unknownFinishReason" """,
    ];

    // What costs nothing and still leaves the client in doubt: no byte of an answer, or one that cannot be read. A
    // connection that was
    // reset after its answer may be found dead only when the next request is already on it, which then never arrives.
    private static readonly string[] Doubtful = ["resetOnArrival", "resetAfter", "emptyBody", "html", "badGateway"];

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("NB_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int count)
            ? count
            : 200;

    [Fact]
    public async Task Every_item_ends_in_a_truthful_state_and_nothing_is_paid_twice()
    {
        using var folder = new TemporaryFolder();
        using var emulator = new EmulatorService(new EmulatorOptions { Faults = Script(), SignatureLength = 1024 });
        IReadOnlyList<SoakItem> items;
        BatchSummary summary;
        long grown;
        await using (EmulatorServer server = EmulatorServer.Start(emulator))
        {
            using ImageService service = Connect(server.BaseUri);
            (summary, IReadOnlyList<BatchItem> ended, grown) = await RunAsync(folder.Path, service);
            // What the emulator still works on, though nobody waits for it any more, is not billed behind our back.
            await server.DisposeAsync();
            items = SoakItem.Join(ended, LedgerFile.ReadAll(folder.Path).Events, emulator.Journal.Entries);
        }

        int received = items.Sum(item => item.Received);
        int uncertain = items.Sum(item => item.Uncertain);
        SoakItem[] free = [.. items.Where(item => item.Item.State == BatchItemState.Uncertain && item.Billed == 0)];
        EmulatorStatistics statistics = emulator.Statistics;
        output.WriteLine($"{summary}\n{statistics.Requests} requests, {statistics.Faults.Values.Sum()} faults, "
            + $"{statistics.BilledGenerations} billed = {received} received + {uncertain} uncertain - {free.Length} uncertain and free\n"
            + $"managed heap grew by {grown / 1024.0 / 1024:0.0} MB\nfree: {string.Join("\n      ", free.Select(item => item))}");

        Assert.Equal(Count, items.Count);
        Assert.All(items, Check);
        Assert.Equal(statistics.BilledGenerations, received + uncertain - free.Length);
        Assert.InRange(free.Length, 0, Doubtful.Sum(fault => statistics.Faults.GetValueOrDefault(fault)));
        Assert.InRange(grown, long.MinValue, (4L * 1024 * 1024) + (Count * 16L * 1024));
    }

    private static async Task<(BatchSummary Summary, IReadOnlyList<BatchItem> Ended, long Grown)> RunAsync(
        string folder, ImageService service)
    {
        IEnumerable<KeyValuePair<string, object?>[]> rows = Enumerable.Range(1, Count).Select(number => new[]
        {
            KeyValuePair.Create("name", (object?)FormattableString.Invariant($"item{number:0000}")),
            KeyValuePair.Create("prompt", (object?)FormattableString.Invariant($"Fox number {number}")),
        });
        using Batch batch = Batch.Open(
            folder, service, Manifest.FromObjects(rows, folder), new BatchOptions { ThrottleLimit = Parallel });
        var ended = new List<BatchItem>();
        long warm = 0;
        await foreach (BatchItem item in batch.RunAsync())
        {
            if (!item.IsFinal) continue;
            // The picture itself is on disk; holding it here would be a leak of this test.
            ended.Add(item with { Made = null });
            if (ended.Count == Count / 4) warm = GC.GetTotalMemory(forceFullCollection: true);
        }
        return (batch.Summary, ended, GC.GetTotalMemory(forceFullCollection: true) - warm);
    }

    private static void Check(SoakItem item)
    {
        Assert.True(item.Billed <= 1, $"Paid twice: {item}");
        Assert.True(item.Received + item.Uncertain <= 1, $"Two ends: {item}");
        switch (item.Item.State)
        {
            case BatchItemState.Succeeded:
                Assert.True(item.Billed == 1 && item.Received == 1, item.ToString());
                using (FileStream file = File.OpenRead(item.Item.Path!))
                {
                    Assert.Equal(HashOf(item.Item.Prompt), EmulatorPicture.TryRead(file)!.PromptHash);
                }
                break;
            case BatchItemState.Failed:
                Assert.True(item.Item.Error is { IsUncertain: false } && item.Billed == item.Received, item.ToString());
                break;
            case BatchItemState.Uncertain:
                Assert.True(item.Item.Error is { IsUncertain: true } && item.Uncertain == 1, item.ToString());
                break;
            default:
                Assert.Fail($"Not at an end: {item}");
                break;
        }
    }

    private static ImageService Connect(Uri baseUri) => new(
        new GeminiClient(GeminiEndpoint.ForGemini(baseUri), GeminiCredential.FromApiKey("soak"), new GeminiClientOptions
        {
            MaximumRetryCount = 6,
            RetryDelay = TimeSpan.FromMilliseconds(2),
            // Only a request that hangs waits so long.
            Timeout = TimeSpan.FromSeconds(20),
        }),
        ModelCatalog.BuiltIn);

    private static FaultScript Script()
    {
        string share = (FaultShare / Faults.Length).ToString("0.######", CultureInfo.InvariantCulture);
        IEnumerable<string> rules =
            Faults.Select(fault => $$"""{{{fault}}, "path":"*:generateContent", "probability":{{share}}}""");
        return FaultScript.Parse($$"""{"seed":20261121,"faults":[{{string.Join(",\n", rules)}}]}""");
    }

    private static string HashOf(string prompt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)))[..16];
}
