using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Plans;

/// <summary>What to make of a manifest, how fast, and with which budget.</summary>
public sealed record BatchOptions
{
    /// <summary>One request for each item, or jobs at half price.</summary>
    public BatchMode Mode { get; init; } = BatchMode.Live;

    /// <summary>Most requests in flight at once, 1 or more. The number falls when the service refuses requests as too
    /// many.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Places that several runs share: each request in flight takes one, in the order they ask. Null when this
    /// run is alone.</summary>
    public SemaphoreSlim? Places { get; init; }

    /// <summary>USD this run may cost, requests in flight included; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Gives <see cref="MaxCost"/> once the folder is held, when nobody else can spend of the same money; null
    /// for the one that stands there.</summary>
    public Func<decimal>? MaxCostOnceHeld { get; init; }

    /// <summary>Most requests begun within any minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most USD spent on requests begun within any minute; null for no limit.</summary>
    public decimal? MaxCostPerMinute { get; init; }

    /// <summary>Names of the items to make, with * and ?; their sources are made too. Empty for all.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Try items again that gave no image before.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Send items again that may have been billed without an answer.</summary>
    public bool ResendUncertain { get; init; }

    /// <summary>Make items again that are up to date.</summary>
    public bool Force { get; init; }

    /// <summary>The edition to make, such as 2026-W48: only items made for it are up to date. Null for the manifest's
    /// edition; without one, items of any edition are up to date.</summary>
    public string? Edition { get; init; }

    /// <summary>Make items again that are older; null for no limit.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Make the final of every picture that was approved in a review, with the options for every item, and
    /// nothing else.</summary>
    public bool Approved { get; init; }

    /// <summary>Whether nothing is to be made: then retired models are allowed.</summary>
    internal bool IsLookingBack { get; init; }

    /// <summary>Options for every item, which override the manifest; unset options follow the manifest.</summary>
    public RequestOptions Overrides { get; init; } = new();

    /// <summary>Whether the options ask for something that is not in the folder's manifest yet.</summary>
    internal bool HasOverrides => Approved || Edition is not null || !Webhooks.IsEmpty
        || RequestOptionTable.All.Any(option => option.Of(Overrides) is not null);

    /// <summary>The API to use, which overrides the manifest; null for that of the manifest, or else of the connection.
    /// Jobs support only one API.</summary>
    public ModelApi? Api { get; init; }

    /// <summary>HTTPS addresses that the service notifies when a job has ended; empty for those of the
    /// manifest.</summary>
    public ImmutableArray<string> Webhooks { get; init; } = [];

    /// <summary>The part of the manifest that is made here; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>In batch mode: wait until every job has ended. Otherwise submit, fetch available results, and let a
    /// later run fetch the rest.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>The first wait between two polls of a job; it grows to five minutes.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The service with the API of this run.</summary>
    internal ImageService Over(ImageService service, Manifest manifest)
    {
        ModelApi api = Mode == BatchMode.Batch ? ModelApi.GenerateContent
            : Api ?? manifest.Api ?? service.Client.Options.Api;
        return api == service.Client.Options.Api ? service
            : service.With(service.Client.Options with { Api = api });
    }
}
