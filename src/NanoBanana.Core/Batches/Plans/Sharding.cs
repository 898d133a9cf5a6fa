using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Batches.Plans;

/// <summary>Splits a plan among processes that do not speak to each other: the same manifest gives every one the same
/// split.</summary>
internal static class Sharding
{
    /// <summary>The nodes of one shard. What is made from each other stays together.</summary>
    public static HashSet<BatchNode> Part(IEnumerable<BatchNode> nodes, Shard shard)
    {
        var chains = nodes.GroupBy(RootOf).ToList();
        int[] load = new int[shard.Count];
        var part = new HashSet<BatchNode>();
        // Longest first, each to the shard that has least: in order of the manifest where that leaves a choice.
        foreach (IGrouping<BatchNode, BatchNode> chain in chains.OrderByDescending(chain => chain.Count()))
        {
            int least = Array.IndexOf(load, load.Min());
            load[least] += chain.Count();
            if (least == shard.Number - 1) part.UnionWith(chain);
        }
        return part;
    }

    private static BatchNode RootOf(BatchNode node)
    {
        while (node.Source is { } source) node = source;
        return node;
    }
}
