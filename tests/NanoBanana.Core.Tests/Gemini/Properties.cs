using FsCheck;
using FsCheck.Fluent;

namespace NanoBanana.Tests.Gemini;

/// <summary>Runs a property for many seeds; a failure names the seed.</summary>
internal static class Properties
{
    public static void ForSeeds(Action<Random> property, int runs = 200) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(runs),
            Prop.ForAll(ArbMap.Default.ArbFor<int>(), (int seed) => property(new Random(seed))));

    /// <summary>Sizes of pieces: now and then single bytes, now and then everything.</summary>
    public static Func<int> Sizes(Random random)
    {
        int largest = random.Next(4) switch { 0 => 1, 1 => 7, 2 => 300, _ => 1 << 20 };
        return () => random.Next(1, largest + 1);
    }
}
