using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>Limits how many requests a client may have open, before they are read; and answers requests that cannot be
/// read or fail unexpectedly.</summary>
/// <param name="mostOpen">Most requests that one client may have open: in flight and waiting.</param>
/// <param name="patience">How long an answer waits for its reader.</param>
internal sealed class WebTraffic(int mostOpen, TimeSpan patience)
{
    // About as long as an image takes.
    private const int RetryAfterSeconds = 15;

    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Handles the requests of a server, after access was checked.</summary>
    public void Watch(IApplicationBuilder app) => app.Use(HandleAsync);

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Body = new PatientStream(context.Response.Body, patience, context);
        // Read-only requests are short; requests that make something have a body and wait for their turn.
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await AnswerAsync(context, next).ConfigureAwait(false);
            return;
        }
        string client = WebAccess.ClientOf(context)?.Name ?? "";
        if (!TryEnter(client))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await context.Response.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "Nb.Server.Busy",
                "Too many requests are waiting for their turn.",
                "Send it again after the time in Retry-After. Nothing was read or sent.").ConfigureAwait(false);
            return;
        }
        try
        {
            await AnswerAsync(context, next).ConfigureAwait(false);
        }
        finally
        {
            Leave(client);
        }
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (!context.Response.HasStarted && context.Response.StatusCode is 404 or 405)
            {
                await context.Response.WriteErrorAsync(context.Response.StatusCode, "Nb.Server.UnknownAddress",
                    "Nothing is asked for so.",
                    "nb web tells at GET /openapi.json what may be asked for, and how; nb mcp is at /mcp.")
                    .ConfigureAwait(false);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or was too slow. Images in flight are saved in the folder anyway.
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            (string id, string message, string advice) = e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ("Nb.Request.BodyTooLarge", "The request is too large.",
                    "Send smaller pictures, or start the server with a larger --max-body. Nothing was sent."),
                StatusCodes.Status408RequestTimeout => ("Nb.Request.BodyTooSlow",
                    "The request came too slowly.", "Send it faster. Nothing was sent to the service."),
                _ => ("Nb.Request.BodyUnreadable", "The request cannot be read.", "Correct it. Nothing was sent."),
            };
            await context.Response.WriteErrorAsync(e.StatusCode, id, message, advice).ConfigureAwait(false);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // The operator sees the error on standard error; clients see no internals.
            Console.Error.WriteLine(SafeText.Of($"error: {e}"));
            await context.Response.WriteErrorAsync(StatusCodes.Status500InternalServerError, "Nb.Unexpected",
                "An unexpected error occurred.", "Tell whoever runs the server to look at its output.")
                .ConfigureAwait(false);
        }
    }

    private bool TryEnter(string client)
    {
        lock (_open)
        {
            int open = _open.GetValueOrDefault(client);
            if (open >= mostOpen) return false;
            _open[client] = open + 1;
            return true;
        }
    }

    private void Leave(string client)
    {
        lock (_open) _open[client]--;
    }
}
