using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving;

/// <summary>JSON that all servers share.</summary>
internal static class WorkspaceJson
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A dry run: what would be sent, and its price.</summary>
    public static JsonObject PlanOf(Workspace workspace, WorkRequest asked, PreparedRequest request) => new()
    {
        ["model"] = request.Model.Id,
        ["prompt"] = request.Prompt,
        ["estimatedCost"] = request.EstimatedCost,
        ["mostCost"] = workspace.MostCost(request),
        ["warnings"] = Texts([.. asked.Warnings, .. request.Warnings]),
    };

    /// <summary>An anchor.</summary>
    public static JsonObject Of(Anchor anchor) => new()
    {
        ["name"] = anchor.Name,
        ["role"] = anchor.Role.ToString(),
        ["description"] = anchor.Description,
        ["pictures"] = anchor.Pictures.Length,
    };

    /// <summary>All anchors of a folder.</summary>
    public static JsonObject AnchorsOf(Workspace workspace) => new()
    {
        ["anchors"] = new JsonArray(
            [.. workspace.Anchors.Names.Select(name => (JsonNode)Of(workspace.Anchor(name)))]),
    };

    /// <summary>How an image was made, turn by turn.</summary>
    public static JsonArray TurnsOf(NbImage image) =>
    [
        .. ImageHistory.Of(image).Select(turn => (JsonNode)new JsonObject
        {
            ["role"] = turn.Role,
            ["text"] = SafeText.Of(turn.Text),
            ["images"] = turn.Images.Length,
            ["cost"] = turn.Cost,
        }),
    ];

    /// <summary>An object as text, with unescaped letters and quotes.</summary>
    public static string Written(JsonObject json) => json.ToJsonString(Plain);

    /// <summary>A list of texts.</summary>
    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
