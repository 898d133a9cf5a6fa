namespace EngineDouble;

/// <summary>A cmdlet broke a rule of the engine that the engine itself may not show: the test that ran it must fail.</summary>
public sealed class EngineContractException(IReadOnlyList<string> violations)
    : Exception("The cmdlet broke the engine's rules: " + string.Join(" | ", violations))
{
    public IReadOnlyList<string> Violations { get; } = violations;
}
