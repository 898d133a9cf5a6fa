using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace NanoBanana.Batches.Runs;

/// <summary>The record of a job at the service, kept in the batch's folder until its results are received.</summary>
internal sealed record JobRecord
{
    /// <summary>Its name here, which is also its display name at the service: it finds the job when its creation got no
    /// answer.</summary>
    public required string Id { get; init; }

    /// <summary>Its name at the service, such as batches/abc; null until its creation was answered.</summary>
    public string? Name { get; init; }

    public required string Model { get; init; }

    /// <summary>The uploaded file of requests, such as files/abc.</summary>
    public required string Input { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it was searched for by its display name.</summary>
    public int Looks { get; init; }

    /// <summary>Its owner: a hash that distinguishes keys without revealing them; null when unknown.</summary>
    public string? Owner { get; init; }

    /// <summary>The address it was sent to; null when unknown.</summary>
    public string? Address { get; init; }

    /// <summary>The items, in the order of the requests.</summary>
    public required ImmutableArray<JobRecordItem> Items { get; init; }
}

/// <summary>An item of a job.</summary>
/// <param name="Name">Its name in the manifest, and the key of its request.</param>
/// <param name="ItemKey">Hash of what goes into it.</param>
/// <param name="RequestHash">Hash of the request as sent.</param>
internal sealed record JobRecordItem(
    string Name, [property: JsonPropertyName("key")] string ItemKey,
    [property: JsonPropertyName("fingerprint")] string RequestHash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(JobRecord))]
internal sealed partial class JobJson : JsonSerializerContext;
