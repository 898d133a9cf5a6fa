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

    /// <summary>The form of the fault, if it has several.</summary>
    public string? Shape { get; init; }

    /// <summary>Whether the service did its work, and billed it, before something else answered.</summary>
    public bool? Billed { get; init; }

    /// <summary>Which result of a batch, counted from 1.</summary>
    public int? Item { get; init; }

    /// <summary>How many of it.</summary>
    public int? Count { get; init; }

    /// <summary>The HTTP status around an error that has another code.</summary>
    public int? OuterCode { get; init; }

    /// <summary>The name a script has for the kind.</summary>
    public string Name => FaultScript.NameOf(Kind);

    public bool Meets(string method, string path) =>
        (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (Path ?? FaultScope.Of(Kind))?.IsMatch(path) != false;
}
