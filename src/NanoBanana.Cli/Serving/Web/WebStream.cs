using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>Answers with progress, as server-sent events.</summary>
internal static class WebStream
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Called with progress; null when the answer is not a stream.</summary>
    public static Action<string> TellerOf(HttpContext context) =>
        context.Items[typeof(WebStream)] as Action<string> ?? (_ => { });

    /// <summary>Runs work and sends its progress; sends a comment during silence, because proxies would time
    /// out.</summary>
    public static async Task<JsonObject> RunAsync(HttpContext context, Func<Task<JsonObject>> work)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        var told = Channel.CreateUnbounded<string>();
        context.Items[typeof(WebStream)] = (Action<string>)(text => told.Writer.TryWrite(text));
        Task<JsonObject> result = work();
        await response.WriteEventAsync("progress", Progress("Begun.")).ConfigureAwait(false);
        while (!result.IsCompleted)
        {
            await Task.WhenAny(result, told.Reader.WaitToReadAsync(context.RequestAborted).AsTask(),
                Task.Delay(Silence, context.RequestAborted)).ConfigureAwait(false);
            context.RequestAborted.ThrowIfCancellationRequested();
            if (result.IsCompleted) break;
            string text = told.Reader.TryRead(out string? news) ? news : "Still working.";
            await response.WriteEventAsync("progress", Progress(text)).ConfigureAwait(false);
        }
        while (told.Reader.TryRead(out string? last))
        {
            await response.WriteEventAsync("progress", Progress(last)).ConfigureAwait(false);
        }
        return await result.ConfigureAwait(false);
    }

    private static JsonObject Progress(string text) => new() { ["message"] = WebErrors.Say(text) };
}
