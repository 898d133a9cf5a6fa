using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Manifests;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.Batches.Plans;

/// <summary>What to make of a manifest, how fast, and for how much.</summary>
public sealed record BatchOptions
{
    /// <summary>One request for each item, or jobs at half price.</summary>
    public BatchMode Mode { get; init; } = BatchMode.Live;

    /// <summary>Most requests in flight at once, 1 or more. Fewer are when the service says it is too much.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>USD this run may cost; null for no limit. What is in flight counts.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Most requests begun within any minute; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Most USD spent on requests begun within any minute; null for no limit.</summary>
    public decimal? MaxCostPerMinute { get; init; }

    /// <summary>Names of the items to make, with * and ?; what they are made from is made too. Empty for all.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Try again what gave no image before.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Send again what may have been billed without an answer.</summary>
    public bool ResendUncertain { get; init; }

    /// <summary>Make again what is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>The edition to make, such as 2026-W48: what was made for it is up to date, what was not is made. Null
    /// for the manifest's; without any, what was made for whichever edition is up to date.</summary>
    public string? Edition { get; init; }

    /// <summary>Make again what was made longer ago; null for whatever age.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Make the final of every picture that was approved in a review, with the options for every item, and
    /// nothing else.</summary>
    public bool Approved { get; init; }

    /// <summary>Whether nothing is to be made: then models that are switched off by now are no mistake.</summary>
    internal bool IsLookingBack { get; init; }

    /// <summary>Options for every item, whatever the manifest says; those that are unset follow the manifest.</summary>
    public RequestOptions Overrides { get; init; } = new();

    /// <summary>Whether something is asked for that the folder's manifest does not say yet.</summary>
    internal bool HasOverrides => Approved || Edition is not null || !Webhooks.IsEmpty
        || RequestOptionTable.All.Any(option => option.Of(Overrides) is not null);

    /// <summary>The way models are asked by, whatever the manifest says; null to follow the manifest, then the
    /// connection. Jobs know one way only.</summary>
    public ModelApi? Api { get; init; }

    /// <summary>Https addresses that the service tells when a job has ended; empty to follow the manifest.</summary>
    public ImmutableArray<string> Webhooks { get; init; } = [];

    /// <summary>The part of the manifest that is made here; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>In batch mode: stay until every job has ended. Otherwise submit, fetch what is there, and let a later
    /// run fetch the rest.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>The first wait between two looks at a job; it grows to five minutes.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The service as this run asks it.</summary>
    internal ImageService Over(ImageService service, Manifest manifest)
    {
        ModelApi api = Mode == BatchMode.Batch ? ModelApi.GenerateContent
            : Api ?? manifest.Api ?? service.Client.Options.Api;
        return api == service.Client.Options.Api ? service
            : service.With(service.Client.Options with { Api = api });
    }
}
