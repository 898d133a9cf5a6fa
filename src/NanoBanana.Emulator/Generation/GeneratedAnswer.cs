using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>An answer before it is written: parts still apart, so that a stream can send them one by one.</summary>
internal sealed class GeneratedAnswer
{
    /// <summary>The parts, or null for a candidate without content.</summary>
    public List<WireObject>? Parts { get; set; }

    /// <summary>False for a blocked prompt.</summary>
    public bool HasCandidate { get; set; } = true;

    public bool HasPartsField { get; set; } = true;
    public string FinishReason { get; set; } = "STOP";
    public string? FinishMessage { get; set; }
    public WireObject? PromptFeedback { get; set; }
    public WireObject? Grounding { get; set; }
    public required AnswerUsage Usage { get; set; }

    /// <summary>How usage is reported; it is billed in any case.</summary>
    public UsageShape UsageShape { get; init; }

    /// <summary>The parts of further candidates.</summary>
    public List<List<WireObject>> MoreCandidates { get; } = [];

    public required string ModelVersion { get; init; }
    public required string ResponseId { get; init; }

    /// <summary>The billed tier, reported in the usage if the request asked for one.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The model status, or null.</summary>
    public WireObject? ModelStatus { get; init; }

    /// <summary>How many searches were made.</summary>
    public int Searches => Queries("webSearchQueries") + Queries("imageSearchQueries");

    /// <summary>Pictures that are the result, thoughts not counted.</summary>
    public int Images => ImageHashes.Count;

    /// <summary>SHA-256 of each of them.</summary>
    public List<string> ImageHashes { get; } = [];

    /// <summary>Whether it is billed: every answer except a blocked prompt.</summary>
    public bool IsBilled => HasCandidate;

    public WireObject ToBody() => Envelope(Parts, isLast: true);

    /// <summary>The same answer in pieces, one part each, as streamGenerateContent sends it.</summary>
    public IEnumerable<WireObject> ToPieces()
    {
        if (Parts is null || Parts.Count < 2)
        {
            yield return ToBody();
            yield break;
        }

        for (int index = 0; index < Parts.Count; index++)
        {
            yield return Envelope([Parts[index]], index == Parts.Count - 1);
        }
    }

    private int Queries(string name) => (Grounding?[name] as string[])?.Length ?? 0;

    private WireObject? UsageToWire()
    {
        WireObject? usage = Usage.ToWire(UsageShape);
        if (UsageShape == UsageShape.Service) usage?.AddIfAny("serviceTier", ServiceTier);
        return usage;
    }

    private static WireObject Further(List<WireObject> parts, int index) => new()
    {
        { "content", new WireObject { { "parts", parts }, { "role", "model" } } },
        { "finishReason", "STOP" },
        { "index", index },
    };

    private WireObject Envelope(List<WireObject>? parts, bool isLast)
    {
        WireObject body = [];
        if (HasCandidate)
        {
            WireObject candidate = [];
            if (parts is not null)
            {
                WireObject content = [];
                if (HasPartsField) content.Add("parts", parts);
                content.Add("role", "model");
                candidate.Add("content", content);
            }

            if (isLast)
            {
                candidate.Add("finishReason", FinishReason);
                candidate.AddIfAny("finishMessage", FinishMessage);
            }

            candidate.Add("index", 0);
            if (isLast) candidate.AddIfAny("groundingMetadata", Grounding);
            List<WireObject> candidates = [candidate];
            if (isLast) candidates.AddRange(MoreCandidates.Select((more, index) => Further(more, index + 1)));
            body.Add("candidates", candidates);
        }

        body.AddIfAny("promptFeedback", PromptFeedback);
        body.AddIfAny("usageMetadata", UsageToWire());
        body.Add("modelVersion", ModelVersion);
        body.Add("responseId", ResponseId);
        if (isLast) body.AddIfAny("modelStatus", ModelStatus);
        return body;
    }
}
