using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;
using static NanoBanana.Tests.Gemini.ScriptedHandler;

namespace NanoBanana.Tests.Gemini;

public sealed class CallScopeTests
{
    private const string Good =
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]},"finishReason":"STOP"}]}""";
    private const string Overloaded = """{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}""";

    private static readonly GenerateCall Call =
        new() { Model = "gemini-x", Contents = [new Turn("user", [new TextPart("a fox")])] };

    [Fact]
    public async Task The_scope_is_asked_before_each_try_and_notified_of_its_end()
    {
        var scope = new RecordingScope();
        var handler = new ScriptedHandler(Json(Overloaded, 503), Json(Good));
        scope.Asking = attempt => Assert.Equal(attempt - 1, handler.Requests.Count);
        await SendAsync(handler, scope);
        Assert.Equal(["sending 1", "failed Nb.Service.Unavailable again", "sending 2", "answered"], scope.Events);
    }

    [Fact]
    public async Task A_call_refused_by_the_scope_is_not_sent()
    {
        var scope = new RecordingScope { Asking = _ => throw Refusal };
        var handler = new ScriptedHandler();
        NbException e = await Assert.ThrowsAsync<NbException>(() => SendAsync(handler, scope));
        Assert.Equal("Nb.Test.Refused", e.ErrorId);
        Assert.Empty(handler.Requests);
        Assert.Equal(["sending 1"], scope.Events);
    }

    [Fact]
    public async Task A_refused_retry_fails_with_the_refusal_unless_an_earlier_try_may_have_been_billed()
    {
        var scope = new RecordingScope { Asking = attempt => { if (attempt > 1) throw Refusal; } };
        Assert.Equal("Nb.Test.Refused",
            (await Assert.ThrowsAsync<NbException>(() =>
            SendAsync(new ScriptedHandler(Json(Overloaded, 503)), scope))).ErrorId);

        NbException lost =
            await Assert.ThrowsAsync<NbException>(() =>
            SendAsync(new ScriptedHandler(Broken("{\"candidates\":[{")), scope, resend: true));
        Assert.True(lost.IsUncertain);
        Assert.Equal("Nb.Answer.Truncated", lost.ErrorId);
    }

    [Fact]
    public async Task The_scope_is_notified_of_the_last_failure_too()
    {
        var scope = new RecordingScope();
        await Assert.ThrowsAsync<NbException>(() =>
            SendAsync(new ScriptedHandler(Broken("{\"candidates\":[{")), scope));
        Assert.Equal(["sending 1", "failed Nb.Answer.Truncated"], scope.Events);
    }

    private static NbException Refusal => new("Nb.Test.Refused", NbErrorKind.LimitsExceeded, "No.", "");

    private static async Task SendAsync(ScriptedHandler handler, ICallScope scope, bool resend = false)
    {
        var options = new GeminiClientOptions { RetryDelay = TimeSpan.Zero, ResendUncertain = resend };
        using var client =
            new GeminiClient(GeminiEndpoint.ForGemini(), GeminiCredential.FromApiKey("test"), options, handler);
        await client.Api.GenerateAsync(Call, BlobSink.Memory, scope, CancellationToken.None);
    }

    private sealed class RecordingScope : ICallScope
    {
        public List<string> Events { get; } = [];

        public Action<int>? Asking { get; set; }

        public void OnSending(int attempt)
        {
            Events.Add(FormattableString.Invariant($"sending {attempt}"));
            Asking?.Invoke(attempt);
        }

        public void OnIdentified(string answerId) => Events.Add($"identified {answerId}");

        public void OnFailed(NbException error, bool isTriedAgain) =>
            Events.Add($"failed {error.ErrorId}{(isTriedAgain ? " again" : "")}");

        public void OnAnswered() => Events.Add("answered");
    }
}
