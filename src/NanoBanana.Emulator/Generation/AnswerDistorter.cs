using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>Changes a correct answer into an unusual one that a tolerant client can still read.</summary>
internal static class AnswerDistorter
{
    public static WireObject Distort(WireObject body, AnswerFaults faults)
    {
        object? distorted = body;
        if (faults.HugeField > 0)
        {
            distorted = new WireObject { { "gatewayTrace", new Filler(faults.HugeField) } }.Followed(body);
        }
        if (faults.UnknownFields) distorted = WithUnknownFields(distorted);
        if (faults.OddOrder) distorted = Reversed(distorted);
        return (WireObject)distorted!;
    }

    private static object? WithUnknownFields(object? node)
    {
        switch (node)
        {
            case WireObject value:
                WireObject copy = new() { { "unknownBefore", new WireObject { { "data", "bm90IGFuIGltYWdl" } } } };
                foreach ((string name, object? field) in value) copy.Add(name, WithUnknownFields(field));
                copy.Add("unknownAfter", new object?[] { null, 1.5, "x", new WireObject() });
                return copy;
            case IEnumerable<object> list:
                return list.Select(WithUnknownFields).ToArray();
            default:
                return node;
        }
    }

    // Lists keep their order: the order of parts has a meaning, the order of fields has none.
    private static object? Reversed(object? node)
    {
        switch (node)
        {
            case WireObject value:
                WireObject copy = [];
                foreach ((string name, object? field) in Enumerable.Reverse(value)) copy.Add(name, Reversed(field));
                return copy;
            case IEnumerable<object> list:
                return list.Select(Reversed).ToArray();
            default:
                return node;
        }
    }
}
