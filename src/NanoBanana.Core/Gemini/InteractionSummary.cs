using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

/// <summary>The fields of an interaction beside its steps, and their conversion to an <see cref="Answer"/>.</summary>
internal sealed class InteractionSummary
{
    // The documented final statuses; an unknown status does not end it.
    private static readonly string[] Running = ["queued", "in_progress"];

    private static readonly string[] Ended =
        ["completed", "failed", "cancelled", "incomplete", "budget_exceeded", "requires_action",
            "requires_continuation"];

    public string? Id { get; set; }

    public string? Status { get; set; }

    public string? Model { get; set; }

    public JsonElement? Usage { get; set; }

    public string? ServiceTier { get; set; }

    public List<JsonElement> Errors { get; } = [];

    /// <summary>Whether its status is final.</summary>
    public bool HasEnded => Ended.Contains(Status);

    public InteractionResult ToResult(ImmutableArray<InteractionStep> steps, ImmutableArray<string> warnings)
    {
        if (Running.Contains(Status) && steps.IsEmpty && Errors.Count == 0)
        {
            return new InteractionResult(Id) { IsRunning = true };
        }
        Turn turn = new(Turn.Model, [.. steps.SelectMany(step => step.Parts)])
        {
            Steps = [.. steps.Select(step => step.ToStep())],
        };
        var answer = new Answer { Usage = UsageOf(Usage) is { } usage
            ? usage with { ServiceTier = ServiceTier is null ? null : SafeText.Plain(ServiceTier) } : null,
            ModelVersion = Model, ResponseId = Id, Warnings = warnings };
        if (Errors.Count > 0 && turn.Parts.All(part => part.Thought))
        {
            string code = Errors[0].TextOf("code") ?? "";
            // A block reason of the service, or one of its errors.
            bool isBlock = code.Length > 0 && ServiceError.HttpOf(code) == 0 && !char.IsDigit(code[0]);
            return isBlock
                ? new InteractionResult(Id)
                {
                    Answer = answer with { BlockReason = code, BlockReasonMessage = Errors[0].TextOf("message") },
                }
                : new InteractionResult(Id) { Failure = ErrorOf(Errors[0], code) };
        }
        JsonElement? stopped = steps.Select(step => step.Error).LastOrDefault(error => error is not null);
        var candidate = new Candidate
        {
            Content = steps.IsEmpty ? null : turn,
            FinishReason = stopped is { } error ? ReasonOf(error) : FinishReason,
            FinishMessage = (stopped ?? Errors.Cast<JsonElement?>().FirstOrDefault())?.TextOf("message"),
            GroundingMetadata = InteractionGrounding.Of(steps),
        };
        return new InteractionResult(Id) { Answer = answer with { Candidates = [candidate] } };
    }

    // Uses generateContent's words, so that errors are the same in both APIs.
    private string? FinishReason => Status switch
    {
        null => null,
        "completed" => "STOP",
        "incomplete" => "MAX_TOKENS",
        _ => Status.ToUpperInvariant(),
    };

    private static string ReasonOf(JsonElement error) =>
        error.ItemsOf("details").Select(detail => detail.TextOf("reason")).FirstOrDefault(reason => reason is not null)
        ?? error.TextOf("status") ?? error.TextOf("code") ?? "OTHER";

    // The service itself says that it was not carried out.
    private static NbException ErrorOf(JsonElement error, string code)
    {
        ServiceError read = ServiceError.FromElement(error);
        int status = read.Status != 0 ? read.Status : ServiceError.HttpOf(code) is > 0 and var known ? known : 500;
        return ServiceErrors.From(read with { Status = status, StatusName = read.StatusName ?? code, IsOwn = true });
    }

    private static TokenCount? UsageOf(JsonElement? usage) =>
        usage is not { ValueKind: JsonValueKind.Object } told ? null : new TokenCount
    {
        PromptTokens = told.Tokens("totalInputTokens"),
        PromptImageTokens = ImageTokens(told, "inputTokensByModality"),
        CandidateTokens = told.Tokens("totalOutputTokens"),
        ImageTokens = ImageTokens(told, "outputTokensByModality"),
        ThoughtTokens = told.Tokens("totalThoughtTokens"),
        TotalTokens = told.Tokens("totalTokens"),
    };

    private static long? ImageTokens(JsonElement usage, string name) =>
        usage.Field(name) is not { ValueKind: JsonValueKind.Array } list ? null : list.EnumerateArray()
            .Where(one => string.Equals(one.TextOf("modality"), "image", StringComparison.OrdinalIgnoreCase))
            .Aggregate(0L, (sum, one) => sum + one.Tokens("tokens"));
}
