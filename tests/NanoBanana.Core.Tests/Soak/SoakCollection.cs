namespace NanoBanana.Tests.Soak;

/// <summary>The soak runs alone: it measures the memory of the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SoakCollection
{
    public const string Name = "Soak";
}
