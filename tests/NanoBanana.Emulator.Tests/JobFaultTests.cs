using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>Results of jobs as they are when something goes wrong with them. The items are on the bill all the
/// same.</summary>
public sealed class JobFaultTests
{
    [Theory]
    [InlineData("""[{"fault":"resultsShuffled"}]""", "c a b")]
    [InlineData("""[{"fault":"resultsWithoutKeys"}]""", "- - -")]
    [InlineData("""[{"fault":"resultWithoutKey"}]""", "a - c")]
    [InlineData("""[{"fault":"resultWithoutKey","item":1}]""", "- b c")]
    [InlineData("""[{"fault":"unknownResultKey"}]""", "a b unknown-3")]
    [InlineData("""[{"fault":"resultMissing"}]""", "a b")]
    [InlineData("""[{"fault":"resultMissing","item":2}]""", "a c")]
    [InlineData("""[{"fault":"resultTwice"}]""", "a b b c")]
    [InlineData("""[{"fault":"resultsEmpty"}]""", "")]
    public async Task Lines_have_the_keys_of_the_script(string script, string keys)
    {
        using Emulator emulator = With(script);
        string[] lines = await LinesAsync(emulator, await FinishedAsync(emulator));

        Assert.Equal(keys,
            string.Join(' ', lines.Select(line => JsonNode.Parse(line)!["key"]?.GetValue<string>() ?? "-")));
        Assert.Equal(3, emulator.Service.Statistics.BatchGenerations);
    }

    [Fact]
    public async Task Lines_without_keys_can_be_in_another_order()
    {
        using Emulator plain = new(new EmulatorOptions { SignatureLength = 64 });
        using Emulator emulator = With("""[{"fault":"resultsWithoutKeys"},{"fault":"resultsShuffled"}]""");
        string[] inOrder = await LinesAsync(plain, await FinishedAsync(plain));
        string[] shuffled = await LinesAsync(emulator, await FinishedAsync(emulator));

        Assert.Equal(
            new[] { inOrder[2], inOrder[0], inOrder[1] }.Select(Picture), shuffled.Select(Picture));
        Assert.All(shuffled, line => Assert.Null(JsonNode.Parse(line)!["key"]));
    }

    [Fact]
    public async Task Results_of_a_file_come_inline_with_their_keys_as_metadata()
    {
        using Emulator emulator = With("""[{"fault":"resultsInlined"}]""");
        JsonNode job = await FinishedAsync(emulator);
        JsonArray results = job["response"]!["inlinedResponses"]!["inlinedResponses"]!.AsArray();

        Assert.Null(job["response"]!["responsesFile"]);
        Assert.Equal(["a", "b", "c"], results.Select(result => result!["metadata"]!["key"]!.GetValue<string>()));
        Assert.All(results, result => Assert.NotNull(result!["response"]!["candidates"]));
    }

    [Fact]
    public async Task The_file_of_a_job_that_succeeded_comes_later()
    {
        using Emulator emulator = With("""[{"fault":"resultsLate","delay":"30s"}]""");
        JsonNode job = await FinishedAsync(emulator);
        Answer early = await DownloadAsync(emulator, job);
        emulator.Service.Advance(TimeSpan.FromSeconds(30));
        Answer later = await DownloadAsync(emulator, job);

        Assert.Equal("BATCH_STATE_SUCCEEDED", job["metadata"]!["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, early.Status);
        Assert.Equal(HttpStatusCode.OK, later.Status);
    }

    [Theory]
    [InlineData("""[{"fault":"resultsLate","shape":"output","delay":"30s"}]""", true)]
    [InlineData("""[{"fault":"resultsWithoutFile"}]""", false)]
    public async Task A_job_that_succeeded_names_its_file_later_or_never(string script, bool comes)
    {
        using Emulator emulator = With(script);
        JsonNode early = await FinishedAsync(emulator);
        emulator.Service.Advance(TimeSpan.FromSeconds(30));
        JsonNode later = (await emulator.GetAsync($"v1beta/{early["name"]}")).Json;

        Assert.True(early["done"]!.GetValue<bool>());
        Assert.Null(early["response"]?["responsesFile"]);
        Assert.Equal(comes, later["response"]?["responsesFile"] is not null);
    }

    [Fact]
    public async Task One_line_is_nested_deeply_one_overflows_and_one_breaks_off()
    {
        using Emulator emulator = With(
            """[{"fault":"deepResult","item":1,"count":100},{"fault":"overflowingResult","item":2},{"fault":"brokenResult","item":3}]""");
        string[] lines = await LinesAsync(emulator, await FinishedAsync(emulator));

        Assert.Contains(string.Concat(Enumerable.Repeat("{\"deeper\":", 100)), lines[0], StringComparison.Ordinal);
        Assert.Contains("\"candidatesTokenCount\":99999999999999999999", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("{\"key\":\"c\"", lines[2], StringComparison.Ordinal);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(lines[2]));
    }

    [Fact]
    public async Task A_job_is_visible_only_to_its_creator()
    {
        using Emulator emulator = new(new EmulatorOptions { SignatureLength = 64 });
        JsonNode job = await FinishedAsync(emulator);
        using HttpRequestMessage get = new(HttpMethod.Get, $"v1beta/{job["name"]}");
        using HttpRequestMessage list = new(HttpMethod.Get, "v1beta/batches");
        using HttpRequestMessage delete = new(HttpMethod.Delete, $"v1beta/{job["name"]}");
        HttpRequestMessage[] requests = [get, list, delete];
        using HttpClient other =
            new(new EmulatorHandler(emulator.Service)) { BaseAddress = emulator.Client.BaseAddress };
        other.DefaultRequestHeaders.Add("x-goog-api-key", "another-key");
        List<Answer> answers = [];
        foreach (HttpRequestMessage request in requests)
        {
            using HttpResponseMessage response = await other.SendAsync(request);
            answers.Add(await Answer.ReadAsync(response));
        }

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.NotFound],
            answers.Select(answer => answer.Status));
        Assert.Equal("NOT_FOUND", answers[0].ErrorStatus);
        Assert.Null(answers[1].Json["operations"]);
        Assert.Equal(HttpStatusCode.OK, (await emulator.GetAsync($"v1beta/{job["name"]}")).Status);
    }

    private static Emulator With(string script) =>
        new(new EmulatorOptions { Faults = FaultScript.Parse(script), SignatureLength = 64 });

    private static string Picture(string line) =>
        JsonNode.Parse(line)!["response"]!["candidates"]![0]!["content"]!["parts"]!.AsArray()
        .Single(part => part!["inlineData"] is not null)!["inlineData"]!["data"]!.GetValue<string>();

    /// <summary>A job of the items a, b and c from a file, looked at when it is done.</summary>
    private static async Task<JsonNode> FinishedAsync(Emulator emulator)
    {
        string lines = string.Concat(new[] { "a", "b", "c" }.Select(key => new JsonObject
        {
            ["key"] = key,
            ["request"] = new JsonObject { ["contents"] = new JsonArray(Emulator.UserTurn($"picture {key}")) },
        }.ToJsonString() + "\n"));
        using HttpRequestMessage start = new(HttpMethod.Post, "upload/v1beta/files");
        start.Headers.Add("X-Goog-Upload-Protocol", "resumable");
        start.Headers.Add("X-Goog-Upload-Command", "start");
        start.Headers.Add("X-Goog-Upload-Header-Content-Type", "application/jsonl");
        using HttpResponseMessage started = await emulator.Client.SendAsync(start);
        using HttpRequestMessage upload = new(HttpMethod.Post, started.Headers.GetValues("X-Goog-Upload-URL").Single())
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(lines)),
        };
        upload.Headers.Add("X-Goog-Upload-Command", "upload, finalize");
        upload.Headers.Add("X-Goog-Upload-Offset", "0");
        using HttpResponseMessage uploaded = await emulator.Client.SendAsync(upload);
        string file = (await Answer.ReadAsync(uploaded)).Json["file"]!["name"]!.GetValue<string>();
        Answer created = await emulator.PostAsync($"v1beta/models/{Emulator.Nb21}:batchGenerateContent", new JsonObject
        {
            ["batch"] = new JsonObject { ["displayName"] = "test",
                ["inputConfig"] = new JsonObject { ["fileName"] = file } },
        });
        emulator.Service.Advance(TimeSpan.FromSeconds(10));
        return (await emulator.GetAsync($"v1beta/{created.Json["name"]}")).Json;
    }

    private static Task<Answer> DownloadAsync(Emulator emulator, JsonNode job) =>
        emulator.GetAsync($"download/v1beta/{job["response"]!["responsesFile"]}:download?alt=media");

    private static async Task<string[]> LinesAsync(Emulator emulator, JsonNode job)
    {
        Answer answer = await DownloadAsync(emulator, job);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
