using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NanoBanana.Tests.Conformance;

/// <summary>A request as the emulator's journal has it, without what differs by nature: ids that the emulator draws,
/// and the version.</summary>
internal sealed partial record SentRequest(string Line, JsonNode? Body)
{
    // Every SDK asks v1 since 3.0, and so do we; an older one asks v1beta. Page sizes are everybody's own choice.
    public static SentRequest From(JsonNode entry) => new(
        $"{entry["method"]} {Version().Replace(Named((string)entry["path"]!), "/v1/")}",
        entry["body"] is { } body ? JsonNode.Parse(Version().Replace(Named(body.ToJsonString()), "/v1/")) : null);

    public override string ToString() => $"{Line} {Body?.ToJsonString()}";

    public bool IsEqual(SentRequest other) => Line == other.Line && JsonNode.DeepEquals(Body, other.Body);

    private static string Named(string text) => Answer().Replace(Id().Replace(text, "$1/ID"), "v1_ID");

    [GeneratedRegex("(files|batches|interactions)/[a-zA-Z0-9_-]+")]
    private static partial Regex Id();

    [GeneratedRegex("\\bv1_[a-zA-Z0-9_-]+")]
    private static partial Regex Answer();

    [GeneratedRegex("/v1(beta)?/")]
    private static partial Regex Version();
}
