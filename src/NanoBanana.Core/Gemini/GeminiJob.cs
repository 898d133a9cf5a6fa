using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

/// <summary>A batch job as the service reports it.</summary>
internal sealed record GeminiJob
{
    private static readonly string[] StatePrefixes = ["BATCH_STATE_", "JOB_STATE_"];

    /// <summary>Such as batches/abc.</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people; null when it has none.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Id of the model; null when the service does not say.</summary>
    public string? Model { get; init; }

    /// <summary>PENDING, RUNNING, SUCCEEDED, PARTIALLY_SUCCEEDED, FAILED, CANCELLED, EXPIRED, whatever prefix came; an
    /// open vocabulary.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether the job has ended, successfully or not.</summary>
    public bool IsDone { get; init; }

    /// <summary>When it was made; null when unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it ended; null when it has not, or unknown.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many requests it has; null when unknown.</summary>
    public long? RequestCount { get; init; }

    /// <summary>How many succeeded so far; null when unknown.</summary>
    public long? SucceededCount { get; init; }

    /// <summary>How many failed so far; null when unknown. Requests fail inside a job that succeeded.</summary>
    public long? FailedCount { get; init; }

    /// <summary>The file of results, such as files/batch-abc; null while there is none.</summary>
    public string? ResponsesFile { get; init; }

    /// <summary>Results inside the job instead of a file, each like a line of that file; empty when there are
    /// none.</summary>
    internal ImmutableArray<JsonElement> Inlined { get; init; } = [];

    /// <summary>Whether it has results to read.</summary>
    public bool HasResults => ResponsesFile is not null || !Inlined.IsEmpty;

    /// <summary>Why the job as a whole failed; null when it did not.</summary>
    public NbException? Error { get; init; }

    internal static GeminiJob? FromJson(JsonElement json)
    {
        JsonElement operation = json;
        JsonElement batch = json.Field("metadata") ?? json;
        if ((operation.TextOf("name") ?? batch.TextOf("name")) is not { Length: > 0 } name) return null;
        JsonElement stats = batch.Field("batchStats") ?? default;
        JsonElement output = batch.Field("output") ?? default;
        JsonElement response = operation.Field("response") ?? default;
        NbException? error = operation.Field("error") is { } words ? ServiceErrors.From(ServiceError.FromElement(words))
            : null;
        bool isDone = operation.Field("done")?.ValueKind == JsonValueKind.True;
        string state = WithoutPrefix(batch.TextOf("state") ?? "");
        if (state.Length == 0 && isDone) state = error is null ? "SUCCEEDED" : "FAILED";
        string? model = batch.TextOf("model");
        return new GeminiJob
        {
            Name = name,
            DisplayName = batch.TextOf("displayName"),
            Model = model?[(model.LastIndexOf('/') + 1)..],
            State = state,
            IsDone = isDone || state is "SUCCEEDED" or "PARTIALLY_SUCCEEDED" or "FAILED" or "CANCELLED" or "EXPIRED",
            CreatedAt = batch.TimeOf("createTime"),
            EndedAt = batch.TimeOf("endTime"),
            RequestCount = stats.Field("requestCount")?.Int64(),
            SucceededCount = stats.Field("successfulRequestCount")?.Int64(),
            FailedCount = stats.Field("failedRequestCount")?.Int64(),
            ResponsesFile = output.TextOf("responsesFile") ?? response.TextOf("responsesFile"),
            Inlined = InlinedOf(output) is { IsEmpty: false } inlined ? inlined : InlinedOf(response),
            Error = error,
        };
    }

    // {"inlinedResponses":{"inlinedResponses":[...]}} on the wire; the list alone was seen too.
    private static ImmutableArray<JsonElement> InlinedOf(JsonElement holder)
    {
        JsonElement? list = holder.Field("inlinedResponses");
        if (list is { ValueKind: JsonValueKind.Object } nested) list = nested.Field("inlinedResponses");
        return list is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];
    }

    private static string WithoutPrefix(string state)
    {
        string? prefix = StatePrefixes.FirstOrDefault(p => state.StartsWith(p, StringComparison.Ordinal));
        return prefix is null ? state : state[prefix.Length..];
    }
}
