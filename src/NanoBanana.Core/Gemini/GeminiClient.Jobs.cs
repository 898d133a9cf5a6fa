using System.Text.Json;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

public sealed partial class GeminiClient
{
    /// <summary>Starts a batch job over an uploaded JSONL file of requests: half the price, done within a
    /// day.</summary>
    /// <param name="model">Id of the model.</param>
    /// <param name="fileName">Such as files/abc.</param>
    /// <param name="displayName">A name that finds the job again if this call's answer is lost.</param>
    /// <param name="webhooks">Addresses that the service notifies when the job has ended; null for none.</param>
    /// <param name="cancellationToken">Ends the call; the job may have been started.</param>
    /// <exception cref="NbException">The service refused or was not reached; uncertain when the job may have been
    /// started.</exception>
    internal async Task<GeminiJob> CreateBatchAsync(
        string model, string fileName, string displayName, IReadOnlyList<string>? webhooks = null,
        CancellationToken cancellationToken = default)
    {
        RequireGemini("batches");
        var request = new WireRequest(HttpMethod.Post, Endpoint.Method(model, "batchGenerateContent"))
        {
            Model = model,
            MayBeBilled = true,
            Content = RequestContent.Of(json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("batch");
                json.WriteString("displayName", displayName);
                json.WriteStartObject("inputConfig");
                json.WriteString("fileName", Named("files", fileName));
                json.WriteEndObject();
                WriteWebhooks(json, webhooks ?? []);
                json.WriteEndObject();
                json.WriteEndObject();
            }),
        };
        JsonElement answer = await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
        return GeminiJob.FromJson(answer) ?? throw AnswerErrors.Malformed("it names no batch job");
    }

    private static void WriteWebhooks(Utf8JsonWriter json, IReadOnlyList<string> webhooks)
    {
        if (webhooks.Count == 0) return;
        json.WriteStartObject("webhookConfig");
        json.WriteStartArray("uris");
        foreach (string address in webhooks) json.WriteStringValue(address);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Gets the state of a job.</summary>
    /// <param name="name">Such as batches/abc.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task<GeminiJob> GetBatchAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireGemini("batches");
        var request = new WireRequest(HttpMethod.Get, Endpoint.Resource(Named("batches", name)));
        JsonElement json = await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
        // What is told of another job, by something between here and the service, proves nothing of this one.
        return GeminiJob.FromJson(json) is { } job && job.Name == Named("batches", name) ? job
            : throw AnswerErrors.Unexpected("batch job");
    }

    /// <summary>The jobs of this project, page by page, newest first.</summary>
    internal IAsyncEnumerable<GeminiJob> ListBatchesAsync(CancellationToken cancellationToken = default)
    {
        RequireGemini("batches");
        return PagesAsync(
            token => Endpoint.Page("batches", PageSize, token), ["operations", "batches"], GeminiJob.FromJson,
                cancellationToken);
    }

    /// <summary>Asks the service to stop a job. Results made until then are billed.</summary>
    /// <param name="name">Such as batches/abc.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task CancelBatchAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireGemini("batches");
        var request = new WireRequest(HttpMethod.Post, Endpoint.Resource(Named("batches", name), ":cancel"))
        {
            Content = RequestContent.Of(json =>
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }),
        };
        await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a job; its results cannot be fetched any more.</summary>
    /// <param name="name">Such as batches/abc.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task DeleteBatchAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireGemini("batches");
        var request = new WireRequest(HttpMethod.Delete, Endpoint.Resource(Named("batches", name)));
        await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
