using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Faults;

/// <summary>One line of a fault script: which requests it matches, and what happens to them.</summary>
internal sealed record FaultRule
{
    public required FaultKind Kind { get; init; }
    public Regex? Path { get; init; }
    public string? Method { get; init; }
    public IReadOnlyList<int> Nth { get; init; } = [];
    public int? Every { get; init; }
    public int? Times { get; init; }
    public double? Probability { get; init; }
    public string? RetryDelay { get; init; }
    public string? Message { get; init; }
    public string? Reason { get; init; }
    public int? Code { get; init; }
    public TimeSpan Delay { get; init; }
    public int? Bytes { get; init; }

    public bool Meets(string method, string path) =>
        (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || Path.IsMatch(path));
}
