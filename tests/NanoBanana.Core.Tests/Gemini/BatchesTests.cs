using NanoBanana.Gemini;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

public sealed class BatchesTests
{
    [Fact]
    public async Task A_job_is_started_from_a_file()
    {
        var handler =
            new ScriptedHandler(
            Json("""{"name":"batches/b1","metadata":{"state":"BATCH_STATE_PENDING","displayName":"x"}}"""));
        GeminiJob batch = await Free.Client(handler).CreateBatchAsync("gemini-x", "files/abc", "x");
        Assert.Equal(("batches/b1", "PENDING", "x", false), (batch.Name, batch.State, batch.DisplayName, batch.IsDone));
        Asked asked = Assert.Single(handler.Requests);
        Assert.Equal("/v1/models/gemini-x:batchGenerateContent", asked.Uri.PathAndQuery);
        Assert.Equal("""{"batch":{"displayName":"x","inputConfig":{"fileName":"files/abc"}}}""", asked.Text);
    }

    [Fact]
    public async Task A_job_that_may_have_been_started_is_not_started_twice()
    {
        foreach (var step in new[] { Fails(new HttpRequestException("reset")), Broken("{\"name\":") })
        {
            NbException e = await Assert.ThrowsAsync<NbException>(
                () => Free.Client(new ScriptedHandler(step)).CreateBatchAsync("gemini-x", "files/abc", "x"));
            Assert.Equal(("Nb.Service.ConnectionLost", true), (e.ErrorId, e.IsUncertain));
        }
    }

    [Fact]
    public async Task A_finished_job_has_its_counts_and_its_result_file()
    {
        var handler = new ScriptedHandler(Json(
            """
            {"name":"batches/b1","metadata":{"@type":"t","model":"models/gemini-x","state":"BATCH_STATE_SUCCEEDED",
              "createTime":"2026-11-21T10:00:00Z","endTime":"2026-11-21T11:00:00Z",
              "batchStats":{"requestCount":"3","successfulRequestCount":"2","failedRequestCount":1},
              "output":{"responsesFile":"files/batch-b1"}},"done":true,"response":{"responsesFile":"files/other"}}
            """));
        GeminiJob batch = await Free.Client(handler).GetBatchAsync("b1");
        Assert.Equal(("SUCCEEDED", true, "gemini-x", "files/batch-b1"),
            (batch.State, batch.IsDone, batch.Model, batch.ResponsesFile));
        Assert.Equal((3L, 2L, 1L), (batch.RequestCount, batch.SucceededCount, batch.FailedCount));
        Assert.Equal(TimeSpan.FromHours(1), batch.EndedAt - batch.CreatedAt);
        Assert.Null(batch.Error);
        Assert.Equal("/v1/batches/b1", handler.Requests[0].Uri.PathAndQuery);
    }

    [Theory]
    [InlineData("""{"name":"batches/a","metadata":{"state":"JOB_STATE_RUNNING"}}""", "RUNNING", false)]
    [InlineData("""{"name":"batches/a","state":"BATCH_STATE_EXPIRED"}""", "EXPIRED", true)]
    [InlineData("""{"name":"batches/a","metadata":{"state":"BATCH_STATE_CANCELLED"}}""", "CANCELLED", true)]
    [InlineData("""{"name":"batches/a","metadata":{"state":"SOMETHING_NEW"}}""", "SOMETHING_NEW", false)]
    [InlineData("""{"name":"batches/a","done":true}""", "SUCCEEDED", true)]
    [InlineData("""{"name":"batches/a","done":true,"error":{"code":13,"message":"x"}}""", "FAILED", true)]
    [InlineData("""{"name":"batches/a"}""", "", false)]
    public async Task Every_spelling_of_a_state_is_read(string json, string state, bool isDone)
    {
        GeminiJob batch = await Free.Client(new ScriptedHandler(Json(json))).GetBatchAsync("batches/a");
        Assert.Equal((state, isDone), (batch.State, batch.IsDone));
    }

    [Fact]
    public async Task A_failed_job_says_why()
    {
        var handler = new ScriptedHandler(Json(
            """{"name":"batches/a","metadata":{"state":"BATCH_STATE_FAILED"},"done":true,"error":{"code":3,"message":"line 7 is bad"}}"""));
        GeminiJob batch = await Free.Client(handler).GetBatchAsync("a");
        Assert.Contains("line 7 is bad", batch.Error!.Message);
        Assert.Equal("Nb.Service.InvalidRequest", batch.Error.ErrorId);
    }

    [Fact]
    public async Task Jobs_are_listed_canceled_and_deleted()
    {
        var handler = new ScriptedHandler(
            Json("""{"operations":[{"name":"batches/a"},{"name":"batches/b"}]}"""), Json("{}"), Json(""));
        GeminiClient client = Free.Client(handler);
        Assert.Equal(["batches/a", "batches/b"],
            await client.ListBatchesAsync().Select(batch => batch.Name).ToListAsync());
        await client.CancelBatchAsync("batches/a");
        await client.DeleteBatchAsync("batches/a");
        Assert.Equal(
            ["GET /v1/batches?pageSize=100 ", "POST /v1/batches/a:cancel {}", "DELETE /v1/batches/a "],
            handler.Requests.Select(asked => $"{asked.Method} {asked.Uri.PathAndQuery} {asked.Text}"));
    }
}
