using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Batches.Runs;
using NanoBanana.Gemini;
using NanoBanana.Generation;

namespace NanoBanana.Tests.Batches;

/// <summary>Somebody, or a time server, sets the clock back or forward while we work.</summary>
public sealed class ClockTests
{
    private const string One = """{"items":[{"name":"a","prompt":"a","model":"nb2-lite","aspectRatio":"8:1"}]}""";

    private static readonly TimeSpan Jump = TimeSpan.FromDays(3);

    [Fact]
    public void Lines_of_a_ledger_stay_in_order()
    {
        using var folder = new TemporaryFolder();
        var time = new JumpingTime();
        string path = folder["ledger.jsonl"];
        using (Ledger ledger = Ledger.Open(path, time, default))
        {
            foreach (TimeSpan by in (TimeSpan[])[TimeSpan.Zero, -Jump, 2 * Jump, -Jump])
            {
                time.Jump(by);
                ledger.Append(new LedgerEvent { Kind = LedgerEventKind.Planned, Item = "a" });
            }
        }
        time.Jump(-Jump);
        DateTimeOffset last = LedgerFile.Read(path).Events[^1].At;
        using (Ledger ledger = Ledger.Open(path, time, last))
        {
            ledger.Append(new LedgerEvent { Kind = LedgerEventKind.Planned, Item = "a" });
        }
        DateTimeOffset[] times = [.. LedgerFile.Read(path).Events.Select(line => line.At)];
        Assert.Equal(5, times.Length);
        Assert.Equal(times.Order(), times);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_picture_without_a_ledger_line_is_found_even_if_the_clock_changes(int days)
    {
        var time = new JumpingTime();
        using var setter = new Setter(() => time.Jump(TimeSpan.FromDays(days)));
        using var fixture = new EmulatorFixture(handler: setter);
        await fixture.RunAsync(One, new BatchOptions { TimeProvider = time });
        // As if it had been killed after the picture was saved and before the line was written.
        string ledger = Path.Combine(fixture.Destination, "ledger.jsonl");
        string[] lines = File.ReadAllLines(ledger);
        int sent = Array.FindIndex(lines, line => line.Contains("\"submitted\"", StringComparison.Ordinal));
        File.WriteAllLines(ledger, lines[..(sent + 1)]);

        (BatchSummary summary, _) = await fixture.RunAsync(One, new BatchOptions { TimeProvider = time });
        Assert.Equal((1, 1), (summary.UpToDate, fixture.Billed));
    }

    [Fact]
    public void A_wait_has_the_right_length_even_if_the_clock_changes()
    {
        var time = new JumpingTime();
        var clock = new SteadyTime(time);
        var window = new MinuteWindow(1, clock);
        window.Add(1);
        time.Jump(-Jump);
        Assert.InRange(window.WaitFor(1), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        time.Jump(2 * Jump);
        Assert.InRange(window.WaitFor(1), TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task An_expired_file_is_uploaded_again_even_if_the_clock_changes(int days)
    {
        using var folder = new TemporaryFolder();
        var time = new JumpingTime();
        int uploads = 0;
        // A new cache each time, as another process has.
        Task<string> PlaceAsync() => UploadCache.InFolder(folder.Path).GetOrUploadAsync("me", new string('a', 64),
            TimeSpan.FromHours(1), time, () => Task.FromResult(new GeminiFile
            {
                Name = "files/x", Uri = $"https://x/{++uploads}", ExpiresAt = time.GetUtcNow() + TimeSpan.FromDays(2),
            }), CancellationToken.None);
        string first = await PlaceAsync();
        time.Jump(TimeSpan.FromDays(days));
        string second = await PlaceAsync();
        Assert.Equal(days < 0 ? first : "https://x/2", second);
        UploadCache.InFolder(folder.Path).Forget("me", new string('a', 64), second);
        Assert.NotEqual(second, await PlaceAsync());
    }

    [Theory]
    [InlineData(-3, true)]
    [InlineData(1, true)]
    public async Task A_job_is_waited_for_even_if_the_clock_changes(int days, bool isFetched)
    {
        var time = new JumpingTime();
        using var fixture = new EmulatorFixture();
        await fixture.RunAsync(One, new BatchOptions { Mode = BatchMode.Batch, Wait = false, TimeProvider = time });
        Assert.Single(new JobStore(fixture.Destination).ReadAll());
        time.Jump(TimeSpan.FromDays(days));
        (BatchSummary summary, _) = await fixture.RunAsync(One,
            new BatchOptions
            {
                Mode = BatchMode.Batch, TimeProvider = time, PollInterval = TimeSpan.FromMilliseconds(1),
            });
        Assert.Equal(isFetched, summary.Made == 1);
        Assert.Equal(1, fixture.Billed);
    }

    // Sets the clock while a request is under way.
    private sealed class Setter(Action set) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            set();
            return response;
        }
    }
}
