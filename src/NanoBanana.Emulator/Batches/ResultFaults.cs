using System.Text;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Batches;

/// <summary>The faults of a batch's result lines. The items are billed in any case.</summary>
internal static class ResultFaults
{
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(5);
    private const decimal TooLarge = 99999999999999999999m;
    private const int BrokenLength = 100;

    public static TimeSpan Delay(FaultRule rule) => rule.Delay > TimeSpan.Zero ? rule.Delay : DefaultDelay;

    /// <summary>The items in another order, with each one at a different place.</summary>
    public static IEnumerable<BatchItem> Ordered(EmulatedJob job, IReadOnlyList<BatchItem> items) =>
        job.Fault(FaultKind.ResultsShuffled) is not null && items.Count > 1 ? [items[^1], .. items.SkipLast(1)] : items;

    /// <summary>The lines for one result: usually one; a fault may give none or two.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(EmulatedJob job, WireObject line, int index, int count)
    {
        bool HasFault(FaultKind kind, int standard) =>
            job.Fault(kind) is { } rule && index == (rule.Item ?? standard) - 1;
        int middle = (count + 1) / 2;
        if (job.Fault(FaultKind.ResultsEmpty) is not null || HasFault(FaultKind.ResultMissing, count)) yield break;
        if (job.Fault(FaultKind.ResultsWithoutKeys) is not null || HasFault(FaultKind.ResultWithoutKey, middle))
        {
            line.Remove("key");
        }
        if (HasFault(FaultKind.UnknownResultKey, count)) line["key"] = $"unknown-{index + 1}";
        if (HasFault(FaultKind.DeepResult, middle) && line["response"] is WireObject deep)
        {
            AddToPart(deep, BadPart.Nested(job.Fault(FaultKind.DeepResult)!.Count));
        }
        if (HasFault(FaultKind.OverflowingResult, middle) && line["response"] is WireObject { } overflowing
            && overflowing["usageMetadata"] is WireObject usage)
        {
            usage["candidatesTokenCount"] = TooLarge;
        }

        WireText text = new(line, suffix: "\n");
        if (HasFault(FaultKind.BrokenResult, middle))
        {
            byte[] start = text.Chunks().First().ToArray();
            yield return Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(start)[..Math.Min(BrokenLength, start.Length / 2)] + "\n");
            yield break;
        }

        for (int times = HasFault(FaultKind.ResultTwice, middle) ? 2 : 1; times > 0; times--)
        {
            foreach (ReadOnlyMemory<byte> chunk in text.Chunks()) yield return chunk;
        }
    }

    private static void AddToPart(WireObject response, WireObject nested)
    {
        if (response["candidates"] is IEnumerable<object> candidates
            && candidates.FirstOrDefault() is WireObject candidate
            && candidate["content"] is WireObject content && content["parts"] is IEnumerable<object> parts
            && parts.FirstOrDefault() is WireObject part)
        {
            part.Add("partMetadata", nested);
        }
    }
}
