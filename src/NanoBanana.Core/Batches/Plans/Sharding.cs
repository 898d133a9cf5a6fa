using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Batches.Plans;

/// <summary>Splits a plan among processes that do not communicate: the same manifest gives each of them the same
/// split.</summary>
internal static class Sharding
{
    /// <summary>The nodes of one shard. Items made from each other stay together.</summary>
    public static HashSet<BatchNode> Part(IEnumerable<BatchNode> nodes, Shard shard)
    {
        var chains = nodes.GroupBy(RootOf).ToList();
        int[] load = new int[shard.Count];
        var part = new HashSet<BatchNode>();
        // The longest chains first, each to the shard with the least work; ties are broken by the order of the
        // manifest.
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
