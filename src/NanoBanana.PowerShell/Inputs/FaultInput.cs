using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Faults;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts input to one fault script: names, rules as hashtables, or whole scripts as hashtable, JSON or
/// file.</summary>
internal static class FaultInput
{
    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <param name="faults">As typed.</param>
    /// <param name="fullPath">Resolves a path as typed.</param>
    /// <exception cref="NbException">They cannot be understood.</exception>
    public static FaultScript Read(IEnumerable<object> faults, Func<string, string> fullPath)
    {
        var rules = new JsonArray();
        var script = new JsonObject { ["faults"] = rules };
        try
        {
            foreach (object fault in faults) Add(Parse(fault, fullPath), script, rules);
            return FaultScript.Parse(script.ToJsonString());
        }
        catch (Exception e)
            when (e is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw EmulatorErrors.FaultScriptInvalid(e);
        }
    }

    private static void Add(JsonNode? node, JsonObject script, JsonArray rules)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (JsonNode? rule in list) rules.Add(rule?.DeepClone());
                break;
            case JsonObject whole when whole["faults"] is JsonArray list:
                if (whole["seed"] is { } seed) script["seed"] = seed.DeepClone();
                Add(list, script, rules);
                break;
            default:
                rules.Add(node);
                break;
        }
    }

    private static JsonNode? Parse(object fault, Func<string, string> fullPath)
    {
        object value = fault is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : fault;
        if (value is FileInfo file) return ReadFile(file.FullName);
        if (value is not string text) return ToNode(value);
        string trimmed = text.TrimStart();
        if (trimmed.StartsWith('{') || trimmed.StartsWith('[')) return JsonNode.Parse(text, documentOptions: Lenient);
        if (NameOf(text) is { } name) return new JsonObject { ["fault"] = name };
        string path = fullPath(text);
        return File.Exists(path) ? ReadFile(path) : throw EmulatorErrors.UnknownFault(text, FaultScript.FaultNames);
    }

    private static JsonNode? ReadFile(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Unreadable(path, e);
        }
    }

    private static string? NameOf(string text) =>
        FaultScript.FaultNames.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        PSObject { BaseObject: PSCustomObject } row =>
            ToObject(row.Properties.Select(property => (property.Name, (object?)property.Value))),
        PSObject wrapped => ToNode(wrapped.BaseObject),
        IDictionary table =>
            ToObject(table.Cast<DictionaryEntry>().Select(entry => (entry.Key.ToString()!, (object?)entry.Value))),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        TimeSpan time => JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms")),
        int or long or uint or ulong or short or byte =>
            JsonNode.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        float or double or decimal => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(ToNode)]),
        _ => JsonValue.Create(value.ToString()),
    };

    // PowerShell ignores case, so Fault, Nth and RetryDelay stand for a script's camelCase names.
    private static JsonObject ToObject(IEnumerable<(string Name, object? Value)> properties)
    {
        var node = new JsonObject();
        foreach ((string name, object? value) in properties)
        {
            JsonNode? converted = ToNode(value);
            string spelled = JsonNamingPolicy.CamelCase.ConvertName(name);
            node[spelled] = spelled == "fault" && converted is JsonValue && NameOf(converted.ToString()) is { } known
                ? known
                // A single rule need not be in a list.
                : spelled == "faults" && converted is not JsonArray ? new JsonArray(converted) : converted;
        }
        return node;
    }
}
