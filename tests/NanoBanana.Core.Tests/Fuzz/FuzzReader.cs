namespace NanoBanana.Tests.Fuzz;

/// <summary>Something of ours that reads what others may have written.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Seeds">Valid inputs, told by the things that were made once.</param>
/// <param name="Read">Reads one input to its end, and uses what came of it.</param>
/// <param name="Count">How many inputs a short run gives it.</param>
internal sealed record FuzzReader(
    string Name, Func<FuzzBench, IReadOnlyList<byte[]>> Seeds, Func<FuzzBench, byte[], Task> Read, int Count = 300)
{
    public FuzzReader(string name, Func<FuzzBench, IReadOnlyList<byte[]>> seeds, Action<FuzzBench, byte[]> read,
        int count = 300)
        : this(name, seeds, (bench, input) =>
        {
            read(bench, input);
            return Task.CompletedTask;
        }, count)
    {
    }

    public override string ToString() => Name;
}
