using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Faults;

/// <summary>
/// The failures to rehearse, read from JSON:
/// <code>
/// {"seed": 7, "faults": [
///   {"fault": "rateLimit", "nth": 1, "retryDelay": "200ms"},
///   {"fault": "resetDuring", "path": "*:generateContent", "probability": 0.05},
///   {"fault": "latency", "every": 3, "delay": "250ms"}]}
/// </code>
/// A rule matches a request when <c>method</c> and <c>path</c> (with * for anything) match. Of those requests it
/// applies to the ones given by <c>nth</c> (a number or a list, counted from 1), <c>every</c> and <c>probability</c> (0
/// to 1, drawn from <c>seed</c>), or all of them when none is given, and at most <c>times</c> of them. docs/emulator.md
/// lists the faults and their settings. </summary>
public sealed partial class FaultScript
{
    private FaultScript(ulong seed, IReadOnlyList<FaultRule> rules)
    {
        Seed = seed;
        Rules = rules;
    }

    /// <summary>A script without faults.</summary>
    public static FaultScript None { get; } = new(0, []);

    /// <summary>The names a script can use.</summary>
    public static IReadOnlyList<string> FaultNames { get; } =
        [.. Enum.GetNames<FaultKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>The names of its faults, each once.</summary>
    public IReadOnlyList<string> Names => Rules.Select(rule => rule.Name).Distinct().ToArray();

    internal ulong Seed { get; }

    internal IReadOnlyList<FaultRule> Rules { get; }

    internal static string NameOf(FaultKind kind) => FaultNames[(int)kind];

    /// <summary>Null for a name that is not a fault's.</summary>
    internal static FaultKind? KindOf(string? name) =>
        name is not null && FaultNames.ToList().IndexOf(name) is >= 0 and int kind ? (FaultKind)kind : null;

    /// <summary>Reads a script from a file.</summary>
    /// <exception cref="FormatException">The script is wrong; the message says where.</exception>
    public static FaultScript Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads a script from JSON.</summary>
    /// <exception cref="FormatException">The script is wrong; the message says where.</exception>
    public static FaultScript Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
            });
            JsonElement root = document.RootElement;
            JsonElement faults = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("faults");
            ulong seed = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("seed", out JsonElement value)
                ? value.GetUInt64()
                : 0;
            return new FaultScript(seed, [.. faults.EnumerateArray().Select(ReadRule)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"The fault script is not valid: {e.Message}", e);
        }
    }

    private static FaultRule ReadRule(JsonElement rule, int index)
    {
        FaultRule read = new() { Kind = ReadKind(rule, index) };
        foreach (JsonProperty property in rule.EnumerateObject())
        {
            JsonElement value = property.Value;
            read = property.Name switch
            {
                "fault" => read,
                "path" => read with { Path = Glob(ReadText(property, index)) },
                "method" => read with { Method = value.GetString() },
                "nth" => read with
                {
                    Nth = value.ValueKind == JsonValueKind.Array
                        ? [.. value.EnumerateArray().Select(item => ReadInt(item, property.Name, index))]
                        : [ReadInt(value, property.Name, index)],
                },
                "every" => read with { Every = Math.Max(1, ReadInt(value, property.Name, index)) },
                "times" => read with { Times = ReadInt(value, property.Name, index) },
                "probability" => read with { Probability = ReadNumber(value, property.Name, index) },
                "retryDelay" => read with { RetryDelay = value.GetString() },
                "message" => read with { Message = value.GetString() },
                "reason" => read with { Reason = value.GetString() },
                "code" => read with { Code = ReadCode(value, index) },
                "delay" => read with { Delay = ReadDuration(ReadText(property, index), index) },
                "bytes" => read with { Bytes = ReadInt(value, property.Name, index) },
                "shape" => read with { Shape = ReadShape(read.Kind, ReadText(property, index), index) },
                "billed" => read with { Billed = ReadFlag(value, property.Name, index) },
                "item" => read with { Item = ReadInt(value, property.Name, index) },
                "count" => read with { Count = ReadInt(value, property.Name, index) },
                "outerCode" => read with { OuterCode = ReadCode(value, index) },
                _ => throw new FormatException(
                    $"Fault {index + 1} of the script has an unknown setting \"{property.Name}\"."),
            };
        }

        return read;
    }

    private static string ReadText(JsonProperty property, int index) => property.Value.GetString()
        ?? throw new FormatException($"Fault {index + 1} of the script has no \"{property.Name}\".");

    private static int ReadInt(JsonElement value, string name, int index) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw new FormatException(
                $"Fault {index + 1} of the script has \"{name}\": {value.GetRawText()}; write a whole number.");

    private static bool ReadFlag(JsonElement value, string name, int index) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new FormatException(
                $"Fault {index + 1} of the script has \"{name}\": {value.GetRawText()}; write true or false.");

    private static string ReadShape(FaultKind kind, string shape, int index)
    {
        IReadOnlyList<string> known = FaultShapes.Of(kind);
        return known.Contains(shape)
            ? shape
            : throw new FormatException($"Fault {index + 1} of the script has the shape \"{shape}\"; "
                + (known.Count > 0 ? $"write one of {string.Join(", ", known)}." : $"{NameOf(kind)} has only one."));
    }

    private static double ReadNumber(JsonElement value, string name, int index) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            ? number
            : throw new FormatException(
                $"Fault {index + 1} of the script has \"{name}\": {value.GetRawText()}; write a number.");

    private static int ReadCode(JsonElement value, int index) =>
        ReadInt(value, "code", index) is >= 200 and <= 599 and int code
        ? code
        : throw new FormatException($"Fault {index + 1} of the script has the code {value}; write 200 to 599.");

    private static FaultKind ReadKind(JsonElement rule, int index)
    {
        string? name = rule.TryGetProperty("fault", out JsonElement fault) ? fault.GetString() : null;
        return KindOf(name) ?? throw new FormatException(
            $"Fault {index + 1} of the script is \"{name}\". Known faults: {string.Join(", ", FaultNames)}.");
    }

    private static Regex Glob(string pattern) => new(
        "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
        RegexOptions.CultureInvariant);

    private static TimeSpan ReadDuration(string text, int index)
    {
        Match match = Duration().Match(text);
        if (!match.Success)
        {
            throw new FormatException(
                $"Fault {index + 1} of the script has the delay \"{text}\"; write 200ms, 1.5s or 2m.");
        }
        double number = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,6}(\.[0-9]+)?)(?<unit>ms|s|m)$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
