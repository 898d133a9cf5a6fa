using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace NanoBanana.Cli.Serving.Mcp;

/// <summary>One tool that agents may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for the model that chooses.</param>
/// <param name="Schema">What it takes.</param>
/// <param name="IsReadOnly">Whether it changes nothing and costs nothing.</param>
/// <param name="CallAsync">Does it.</param>
internal sealed record McpTool(
    string Name,
    string Description,
    JsonObject Schema,
    bool IsReadOnly,
    Func<IReadOnlyList<KeyValuePair<string, JsonElement>>, Action<string>, CancellationToken, Task<CallToolResult>>
        CallAsync)
{
    /// <summary>Whether it takes the options of a request, and refuses what it does not know itself, naming what was
    /// probably meant.</summary>
    public bool TakesOptions { get; init; }

    /// <summary>As the protocol lists it.</summary>
    public Tool ToProtocol() => new()
    {
        Name = Name,
        Description = Description,
        InputSchema = JsonElement.Parse(Schema.ToJsonString()),
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = IsReadOnly,
            DestructiveHint = false,
            OpenWorldHint = !IsReadOnly,
        },
    };
}
