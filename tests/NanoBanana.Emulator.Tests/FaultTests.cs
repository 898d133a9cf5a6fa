using System.Net;
using System.Net.Sockets;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>Faults in process and on a socket.</summary>
public sealed class FaultTests
{
    public static TheoryData<bool> Doors => [false, true];

    [Theory]
    [InlineData("rateLimit", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("perDayQuota", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("internal", 500, "INTERNAL")]
    [InlineData("unavailable", 503, "UNAVAILABLE")]
    [InlineData("deadline", 504, "DEADLINE_EXCEEDED")]
    public async Task An_error_fault_answers_once_and_bills_nothing(string fault, int code, string status)
    {
        using Emulator emulator = With($$"""[{"fault":"{{fault}}","nth":1}]""");
        Answer first = await emulator.GenerateAsync("a fox");
        Answer second = await emulator.GenerateAsync("a fox");

        Assert.Equal(code, (int)first.Status);
        Assert.Equal(status, first.ErrorStatus);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(1, emulator.Service.Statistics.BilledGenerations);
        Assert.Equal(1, emulator.Service.Statistics.Faults[fault]);
    }

    [Theory]
    [InlineData("200ms")]
    [InlineData("1h16m0.6s")]
    public async Task A_retry_delay_has_the_spelling_of_the_script(string delay)
    {
        using Emulator emulator = With($$"""[{"fault":"rateLimit","retryDelay":"{{delay}}"}]""");
        Answer answer = await emulator.GenerateAsync("a fox");

        Assert.Contains($"\"retryDelay\": \"{delay}\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains($"Please retry in {delay}.", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_and_arrays_can_replace_an_error()
    {
        using Emulator emulator = With("""[{"fault":"html","nth":1},{"fault":"arrayError","nth":2}]""");

        Assert.StartsWith("<!DOCTYPE html>", (await emulator.GenerateAsync("x")).Text, StringComparison.Ordinal);
        Assert.Equal(503, (await emulator.GenerateAsync("x")).Json[0]!["error"]!["code"]!.GetValue<int>());
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_reset_on_arrival_bills_nothing(bool onSocket)
    {
        await using Client client = new(onSocket, """[{"fault":"resetOnArrival"}]""");
        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GenerateAsync());

        Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.Equal(SocketError.ConnectionReset,
            Assert.IsType<SocketException>(error.InnerException!.InnerException).SocketErrorCode);
        Assert.Equal(0, client.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("resetBefore", false)]
    [InlineData("resetBefore", true)]
    [InlineData("resetDuring", false)]
    [InlineData("resetDuring", true)]
    [InlineData("truncate", false)]
    [InlineData("truncate", true)]
    [InlineData("wrongContentLength", false)]
    [InlineData("wrongContentLength", true)]
    public async Task An_answer_that_breaks_off_is_billed(string fault, bool onSocket)
    {
        await using Client client = new(onSocket, $$"""[{"fault":"{{fault}}"}]""");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GenerateAsync());

        Assert.Equal(1, client.Service.Statistics.BilledGenerations);
        Assert.True((await client.Service.Journal.WaitForAsync(entry => entry.IsBilled)).Images > 0);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_hanging_answer_ends_with_the_clients_patience(bool onSocket)
    {
        await using Client client = new(onSocket, """[{"fault":"hang"}]""");
        using CancellationTokenSource patience = new();
        Task<string> waiting = client.GenerateAsync(patience.Token);
        await client.Service.Journal.WaitForAsync(entry => entry.IsBilled);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, client.Service.Statistics.BilledUndelivered);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Odd_but_legal_answers_still_hold_the_picture(bool onSocket)
    {
        await using Client client = new(
            onSocket, """[{"fault":"oneByteChunks"},{"fault":"unknownFields"},{"fault":"oddOrder"}]""");
        string text = await client.GenerateAsync();
        Answer answer = new(HttpStatusCode.OK, text, new HttpResponseMessage());

        Assert.NotEqual(0, text.IndexOf("unknownAfter", StringComparison.Ordinal));
        Assert.True(text.IndexOf("responseId", StringComparison.Ordinal) < text.IndexOf("candidates",
            StringComparison.Ordinal));
        Assert.Equal((1024, 1024), Answer.Size(answer.Image));
    }

    [Fact]
    public async Task A_reset_after_the_answer_has_delivered_it()
    {
        await using Client client = new(onSocket: true, """[{"fault":"resetAfter"}]""");
        try
        {
            await client.GenerateAsync();
        }
        catch (HttpRequestException)
        {
            // Whether the reset overtakes the last bytes is the network's choice.
        }

        Assert.Equal(1, client.Service.Statistics.BilledGenerations);
    }

    [Fact]
    public async Task Wrong_pictures_have_the_requested_fault()
    {
        using Emulator emulator = With(
            """[{"fault":"wrongMimeType","nth":1},{"fault":"smallerImage","nth":2},{"fault":"unknownFinishReason","nth":3}]""");
        Answer mime = await emulator.GenerateAsync("a fox");
        Answer small = await emulator.GenerateAsync("a fox");
        Answer unknown = await emulator.GenerateAsync("a fox");

        Assert.Equal("image/png", mime.Parts[1]!["inlineData"]!["mimeType"]!.GetValue<string>());
        Assert.Equal(0xFF, mime.Image[0]);
        Assert.Equal((512, 512), Answer.Size(small.Image));
        Assert.Equal("SOMETHING_NEW", unknown.Candidate["finishReason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Probability_is_drawn_from_the_seed()
    {
        const string Script =
            """{"seed":5,"faults":[{"fault":"unavailable","probability":0.3,"path":"*:generateContent"}]}""";
        using Emulator first = With(Script);
        using Emulator second = With(Script);
        List<HttpStatusCode> one = [];
        List<HttpStatusCode> two = [];
        for (int count = 0; count < 40; count++)
        {
            one.Add((await first.GenerateAsync("[[TEXT_ONLY]]")).Status);
            two.Add((await second.GenerateAsync("[[TEXT_ONLY]]")).Status);
        }

        Assert.Equal(one, two);
        Assert.InRange(one.Count(status => status != HttpStatusCode.OK), 4, 20);
    }

    [Theory]
    [InlineData("""[{"fault":"earthquake"}]""", "earthquake")]
    [InlineData("""[{"fault":"hang","nht":1}]""", "nht")]
    [InlineData("""[{"fault":"latency","delay":"soon"}]""", "soon")]
    [InlineData("""[{"fault":"hang"},{"fault":"hang","times":1.5}]""",
        "Fault 2 of the script has \"times\": 1.5; write a whole number.")]
    [InlineData("""[{"fault":"hang","probability":"often"}]""", "\"probability\": \"often\"")]
    [InlineData("""{"seed":1}""", "not valid")]
    [InlineData("""nonsense""", "not valid")]
    public void An_invalid_script_gives_a_clear_error(string script, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => FaultScript.Parse(script)).Message,
            StringComparison.Ordinal);

    private static Emulator With(string script) => new(new EmulatorOptions { Faults = FaultScript.Parse(script) });

    /// <summary>A client of a service, in process or on a socket.</summary>
    private sealed class Client : IAsyncDisposable
    {
        private readonly EmulatorServer? _server;
        private readonly HttpClient _client;

        public Client(bool onSocket, string script)
        {
            Service = new EmulatorService(new EmulatorOptions { Faults = FaultScript.Parse(script) });
            _server = onSocket ? EmulatorServer.Start(Service) : null;
            _client = _server is null ? new HttpClient(new EmulatorHandler(Service)) : new HttpClient();
            _client.BaseAddress = _server?.BaseUri ?? new Uri("https://gemini.test/");
            _client.DefaultRequestHeaders.Add("x-goog-api-key", "test-key");
        }

        public EmulatorService Service { get; }

        public async Task<string> GenerateAsync(CancellationToken cancellationToken = default)
        {
            using StringContent body = new("""{"contents":[{"role":"user","parts":[{"text":"a fox"}]}]}""");
            using HttpResponseMessage response = await _client.PostAsync(
                $"v1beta/models/{Emulator.Nb21}:generateContent", body, cancellationToken);
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            if (_server is not null) await _server.DisposeAsync();
            Service.Dispose();
        }
    }
}
