using System.Collections;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Locations of Vertex AI; other locations are taken too.</summary>
internal sealed class LocationCompleter : WordCompleter
{
    // https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
    private static readonly string[] Locations =
    [
        "global", "us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1", "us-west4",
        "europe-central2", "europe-north1", "europe-southwest1", "europe-west1", "europe-west4", "europe-west8",
        "europe-west9", "asia-northeast1", "asia-northeast3", "asia-south1", "asia-southeast1", "australia-southeast1",
        "southamerica-east1", "northamerica-northeast1", "me-west1",
    ];

    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        Locations.Select(location => new Candidate(location,
            location == "global" ? "global: served where there is room; most image models are only here" : location));
}
