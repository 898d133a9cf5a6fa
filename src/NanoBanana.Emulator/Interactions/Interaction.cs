using System.Globalization;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>One interaction: the request and its result. Changes are made under <see cref="Lock"/>.</summary>
internal sealed class Interaction
{
    public required string Id { get; init; }
    public required string Owner { get; init; }
    public required ModelEntry Model { get; init; }
    public required InteractionRequest Request { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The conversation up to the answer.</summary>
    public required IReadOnlyList<RequestTurn> Asked { get; init; }

    public object Lock { get; } = new();

    /// <summary>When work in the background begins and ends; null for work that is done at once.</summary>
    public (DateTimeOffset Starts, DateTimeOffset Finishes)? Schedule { get; set; }

    /// <summary>Does the work; null once it is done or will never be done.</summary>
    public Action<Interaction>? Work { get; set; }

    public string Status { get; set; } = InteractionStatus.InProgress;
    public DateTimeOffset Updated { get; set; }
    public IReadOnlyList<WireObject> Steps { get; set; } = [];
    public IReadOnlyList<WireObject> Errors { get; set; } = [];
    public WireObject? Usage { get; set; }
    public string? ContinuationToken { get; set; }

    /// <summary>The events of its stream, kept so that a resumed stream continues with the same events.</summary>
    public IReadOnlyList<WireObject>? Events { get; set; }

    /// <summary>The model's turn for later turns, or null when there is none.</summary>
    public RequestTurn? Answer { get; set; }

    public bool IsRunning => Status is InteractionStatus.Queued or InteractionStatus.InProgress;

    /// <summary>The whole conversation, as a next turn continues it.</summary>
    public IReadOnlyList<RequestTurn> Conversation => Answer is null ? Asked : [.. Asked, Answer];

    public WireObject ToWire(bool withInput = false)
    {
        WireObject wire = Head(Status);
        foreach ((string name, System.Text.Json.JsonElement value) in Request.Echo) wire[name] = value;
        if (withInput) wire.Add("input", Request.Input.Where(step => step.Parts.Count > 0).Select(Step).ToArray());
        wire.AddIfAny("continuation_token", ContinuationToken);
        if (Errors.Count > 0) wire.Add("errors", Errors);
        if (!IsRunning) wire.Add("steps", Steps);
        wire.AddIfAny("usage", Usage);
        return wire;
    }

    /// <summary>Its state in the events of a stream.</summary>
    public WireObject Head(string status) => new()
    {
        { "id", Id },
        { "object", "interaction" },
        { "model", Model.Id },
        { "status", status },
        { "created", Rfc3339(Created) },
        { "updated", Rfc3339(Updated) },
    };

    private static WireObject Step(InputStep step) => new()
    {
        { "type", step.Type },
        {
            step.Type == InputStep.Thought ? "summary" : "content",
            step.Parts.Select(part => part.Media is { } media
                ? new WireObject { { "type", media.ContentType }, { "mime_type", media.MimeType },
                    { "data", media.Bytes } }
                : new WireObject { { "type", "text" }, { "text", part.Text } }).ToArray()
        },
    };

    private static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
