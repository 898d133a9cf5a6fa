using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Faults;

/// <summary>Counts the requests of a service and selects the faults for each of them.</summary>
internal sealed class FaultSelector(FaultScript script)
{
    private readonly object _lock = new();
    private readonly int[] _met = new int[script.Rules.Count];
    private readonly int[] _taken = new int[script.Rules.Count];

    public IReadOnlyList<FaultRule> Next(string method, string path)
    {
        if (script.Rules.Count == 0) return [];

        List<FaultRule> taken = [];
        lock (_lock)
        {
            for (int index = 0; index < script.Rules.Count; index++)
            {
                FaultRule rule = script.Rules[index];
                if (!rule.Meets(method, path)) continue;
                int count = ++_met[index];
                if (Takes(rule, index, count) && (rule.Times is null || _taken[index] < rule.Times))
                {
                    _taken[index]++;
                    taken.Add(rule);
                }
            }
        }

        return taken;
    }

    private bool Takes(FaultRule rule, int index, int count)
    {
        if (rule.Nth.Count == 0 && rule.Every is null && rule.Probability is null) return true;
        if (rule.Nth.Contains(count) || (rule.Every is { } every && count % every == 0)) return true;
        if (rule.Probability is not { } probability) return false;

        // Drawn from seed, rule and count: the n-th request of a rule gets the same result in every run.
        SplitMix64 stream = new(script.Seed ^ ((ulong)(index + 1) << 32) ^ (ulong)count);
        return stream.Below(1_000_000) < probability * 1_000_000;
    }
}
