using System.Globalization;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>An interaction as the events of a stream.</summary>
internal static class InteractionEvents
{
    private const string Created = "interaction.created";
    private const string StatusUpdate = "interaction.status_update";
    private const string Completed = "interaction.completed";

    /// <summary>All events, each with its event_id.</summary>
    public static IReadOnlyList<WireObject> Of(Interaction interaction, AnswerFaults faults)
    {
        List<WireObject> events =
        [
            Event(Created, ("interaction", interaction.Head(InteractionStatus.InProgress))),
            Status(interaction, InteractionStatus.InProgress),
        ];
        for (int index = 0; index < interaction.Steps.Count; index++) AddStep(events, index, interaction.Steps[index]);
        if (interaction.Status == InteractionStatus.Failed && interaction.Errors is [var error, ..])
        {
            events.Add(Event("error", ("error", error)));
        }
        else events.Add(Event(Completed, ("interaction", End(interaction))));

        IReadOnlyList<WireObject> sent = events;
        if (faults.Events.HasFlag(EventFault.Unknown)) sent = WithUnknown(interaction, sent);
        if (faults.Events.HasFlag(EventFault.OddOrder)) sent = Shuffled(sent);
        for (int number = 0; number < sent.Count; number++) sent[number].Add("event_id", Id(number));
        return sent;
    }

    /// <summary>The events after the one named, or all of them.</summary>
    /// <exception cref="ServiceException">There is no such event.</exception>
    public static IEnumerable<WireObject> After(IReadOnlyList<WireObject> events, string? lastEventId)
    {
        if (string.IsNullOrEmpty(lastEventId)) return events;
        int last = events.Select(wire => (string)wire["event_id"]!).ToList().IndexOf(lastEventId);
        return last < 0 ? throw ServiceException.InvalidArgument($"Unknown last_event_id: {lastEventId}")
            : events.Skip(last + 1);
    }

    /// <summary>How many bytes of the texts are sent before the connection breaks, or null when it holds.</summary>
    public static long? Cut(IReadOnlyList<WireObject> events, IReadOnlyList<WireText> texts, EventFault faults)
    {
        int from = faults.HasFlag(EventFault.CutAfterCreated)
            ? IndexOf(events, wire => wire["event_type"] is Created) + 1
            : IndexOf(events, IsPicture);
        bool cuts = (faults & (EventFault.CutAfterCreated | EventFault.CutInPicture)) != 0 && from >= 0;
        if (!cuts) return null;
        long before = texts.Take(from).Sum(text => text.Length);
        return faults.HasFlag(EventFault.CutAfterCreated) ? before : before + (texts[from].Length / 2);
    }

    private static bool IsPicture(WireObject wire) => wire["delta"] is WireObject delta && delta["type"] is "image";

    private static int IndexOf(IReadOnlyList<WireObject> events, Func<WireObject, bool> fits)
    {
        for (int index = 0; index < events.Count; index++)
        {
            if (fits(events[index])) return index;
        }

        return -1;
    }

    private static void AddStep(List<WireObject> events, int index, WireObject step)
    {
        string type = (string)step["type"]!;
        WireObject start = new() { { "type", type } };
        List<WireObject> deltas = [];
        switch (type)
        {
            case InputStep.Thought:
                deltas.AddRange((step["summary"] as WireObject[] ?? [])
                    .Select(content => new WireObject { { "type", "thought_summary" }, { "content", content } }));
                if (step["signature"] is { } signature)
                {
                    deltas.Add(new WireObject { { "type", "thought_signature" }, { "signature", signature } });
                }
                break;
            case InputStep.ModelOutput:
                start.AddIfAny("error", step["error"]);
                deltas.AddRange((step["content"] as WireObject[] ?? []).SelectMany(Deltas));
                break;
            case InputStep.SearchCall:
                start.Add("id", step["id"]);
                start.Add("search_type", step["search_type"]);
                start.Add("arguments", new WireObject());
                deltas.Add(new WireObject { { "type", type }, { "arguments", step["arguments"] },
                    { "signature", step["signature"] } });
                break;
            case InputStep.SearchResult:
                start.Add("call_id", step["call_id"]);
                start.Add("result", Array.Empty<WireObject>());
                deltas.Add(new WireObject { { "type", type }, { "result", step["result"] },
                    { "signature", step["signature"] } });
                break;
            default:
                start = step;
                break;
        }

        events.Add(Event("step.start", ("index", index), ("step", start)));
        events.AddRange(deltas.Select(delta => Event("step.delta", ("index", index), ("delta", delta))));
        events.Add(Event("step.stop", ("index", index)));
    }

    // Words come in two pieces, their sources after them.
    private static IEnumerable<WireObject> Deltas(WireObject content)
    {
        if (content["text"] is not string text) return [content];
        int half = text.Length / 2;
        if (half > 0 && char.IsHighSurrogate(text[half - 1])) half--;
        List<WireObject> deltas = [.. new[] { text[..half], text[half..] }.Where(piece => piece.Length > 0)
            .Select(piece => new WireObject { { "type", "text" }, { "text", piece } })];
        if (content["annotations"] is { } annotations)
        {
            deltas.Add(new WireObject { { "type", "text_annotation_delta" }, { "annotations", annotations } });
        }
        return deltas;
    }

    private static WireObject End(Interaction interaction)
    {
        WireObject end = interaction.Head(interaction.Status);
        end.AddIfAny("service_tier", interaction.Request.Generate.ServiceTier);
        end.AddIfAny("continuation_token", interaction.ContinuationToken);
        end.AddIfAny("usage", interaction.Usage);
        return end;
    }

    private static WireObject Status(Interaction interaction, string status) =>
        Event(StatusUpdate, ("interaction_id", interaction.Id), ("status", status));

    private static WireObject Event(string type, params (string Name, object? Value)[] fields)
    {
        WireObject wire = new() { { "event_type", type } };
        foreach ((string name, object? value) in fields) wire.Add(name, value);
        return wire;
    }

    // Every step keeps its own order; the steps do not keep theirs, and the status is told before the interaction.
    private static List<WireObject> Shuffled(IReadOnlyList<WireObject> events)
    {
        WireObject[] steps = [.. events.Where(wire => wire["index"] is int)];
        WireObject[] others = [.. events.Where(wire => wire["index"] is not int)];
        WireObject[] ends = [.. others.Where(wire => wire["event_type"] is Completed or "error")];
        return
        [
            .. others.Except(ends).Reverse(),
            .. steps.Where(wire => wire["event_type"] is "step.start"),
            .. steps.Where(wire => wire["event_type"] is "step.delta").GroupBy(wire => wire["index"]).Reverse()
            .SelectMany(group => group),
            .. steps.Where(wire => wire["event_type"] is "step.stop").Reverse(),
            .. ends,
        ];
    }

    private static List<WireObject> WithUnknown(Interaction interaction, IReadOnlyList<WireObject> events)
    {
        List<WireObject> more = [];
        foreach (WireObject wire in events)
        {
            if (wire["event_type"] is Completed)
            {
                int next = interaction.Steps.Count;
                more.Add(Status(interaction, "polishing"));
                more.Add(Event("step.start", ("index", next),
                    ("step", new WireObject { { "type", "dream" }, { "depth", 3 } })));
                more.Add(Event("step.delta", ("index", next),
                    ("delta", new WireObject { { "type", "dream_scene" }, { "data", "bm90IGFuIGltYWdl" } })));
                more.Add(Event("step.stop", ("index", next)));
            }

            more.Add(wire);
            if (wire["event_type"] is "step.start" && wire["index"] is int index)
            {
                more.Add(Event("step.delta", ("index", index),
                    ("delta", new WireObject { { "type", "mood" }, { "mood", "calm" } })));
            }
            else if (wire["event_type"] is Created)
            {
                more.Add(Event("interaction.weather", ("interaction_id", interaction.Id),
                    ("weather", new WireObject { { "wind", 3 } })));
            }
        }

        return more;
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"evt_{number + 1:D5}");
}
