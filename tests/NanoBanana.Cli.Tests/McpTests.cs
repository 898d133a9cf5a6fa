using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace NanoBanana.Cli.Tests;

/// <summary><c>nb mcp</c>, judged by the client of the official SDK.</summary>
public sealed class McpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_makes_keeps_edits_counts_and_stops_at_its_budget()
    {
        await using McpClient client = await ConnectAsync("--max-cost", "0.2");
        JsonElement fox = await CallAsync(client, "make_image", ("prompt", "a red fox"), ("name", "fox"));
        Assert.Equal("fox.jpg", Text(fox, "id"));
        Assert.True(File.Exists(Text(fox, "path")));
        await CallAsync(client, "set_anchor", ("name", "fox"), ("image", "fox.jpg"));
        foreach (string scene in new[] { "asleep", "running", "drinking" })
        {
            JsonElement made = await CallAsync(
                client, "make_image", ("prompt", $"the fox {scene}"), ("anchors", new[] { "fox" }));
            Assert.Equal("fox", made.GetProperty("anchors")[0].GetString());
        }
        CallToolResult refused = await client.CallToolAsync("make_image", new Dictionary<string, object?>
        {
            ["prompt"] = "the fox in space", ["size"] = "4K",
        });
        Assert.True(refused.IsError);
        Assert.Equal("Nb.Budget.Exceeded", Text(refused.StructuredContent!.Value, "id"));
        Assert.Contains("--max-cost", Text(refused.StructuredContent.Value, "advice"), StringComparison.Ordinal);
        JsonElement cost = await CallAsync(client, "get_cost");
        Assert.InRange(cost.GetProperty("spent").GetDecimal(), 0.13m, 0.2m);
        Assert.Equal(4, Directory.GetFiles(_folder.Path, "*.jpg").Length);
    }

    [Fact]
    public async Task An_edit_goes_on_with_the_conversation()
    {
        await using McpClient client = await ConnectAsync();
        await CallAsync(client, "make_image", ("prompt", "a red fox"), ("name", "fox"), ("aspectRatio", "16:9"));
        JsonElement edited = await CallAsync(client, "edit_image", ("image", "fox.jpg"), ("edit", "add a scarf"));
        Assert.Equal(1376, edited.GetProperty("width").GetInt32());
        JsonElement shown = await CallAsync(client, "show_image", ("image", Text(edited, "id")));
        Assert.Equal(["user", "model", "user", "model"],
            shown.GetProperty("turns").EnumerateArray().Select(turn => Text(turn, "role")));
    }

    [Fact]
    public async Task A_result_is_a_path_and_a_link_and_a_picture_only_when_asked()
    {
        await using McpClient client = await ConnectAsync();
        CallToolResult plain = await client.CallToolAsync(
            "make_image", new Dictionary<string, object?> { ["prompt"] = "a fox" });
        Assert.Single(plain.Content.OfType<ResourceLinkBlock>());
        Assert.Empty(plain.Content.OfType<ImageContentBlock>());
        CallToolResult whole = await client.CallToolAsync(
            "make_image", new Dictionary<string, object?> { ["prompt"] = "an owl", ["data"] = true });
        Assert.Equal("image/jpeg", Assert.Single(whole.Content.OfType<ImageContentBlock>()).MimeType);
    }

    [Fact]
    public async Task Bad_input_is_refused_before_it_costs()
    {
        await using McpClient client = await ConnectAsync();
        foreach ((string field, string value, string id) in new[]
        {
            ("promt", "a fox", "Nb.Request.UnknownField"),
            ("references", "../secret.png", "Nb.Image.Unknown"),
            ("references", "/etc/passwd", "Nb.Image.Unknown"),
            ("references", "http://127.0.0.1/x.png", "Nb.Image.Unknown"),
            ("references", "data:image/png;base64,AAAA", "Nb.File.NotAnImage"),
            ("anchors", "nobody", "Nb.Anchor.Unknown"),
            ("size", "9K", "Nb.Request.UnsupportedSize"),
            ("outFile", "../x.jpg", "Nb.Request.NameIsPath"),
        })
        {
            CallToolResult refused = await client.CallToolAsync("make_image", new Dictionary<string, object?>
            {
                ["prompt"] = "a fox", [field] = value,
            });
            Assert.Equal((field, id), (field, Text(refused.StructuredContent!.Value, "id")));
        }
        Assert.Equal(0, (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal());
    }

    [Fact]
    public async Task A_dry_run_tells_the_price_and_sends_nothing()
    {
        await using McpClient client = await ConnectAsync();
        JsonElement told = await CallAsync(client, "make_image", ("prompt", "a fox"), ("dryRun", true));
        Assert.True(told.GetProperty("estimatedCost").GetDecimal() > 0);
        Assert.Equal(0, (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal());
    }

    [Fact]
    public async Task Resources_are_the_anchors_and_images_and_nothing_else()
    {
        await using McpClient client = await ConnectAsync();
        await CallAsync(client, "make_image", ("prompt", "a fox"), ("name", "fox"));
        await CallAsync(client, "set_anchor", ("name", "fox"), ("image", "fox.jpg"));
        IList<McpClientResource> resources = await client.ListResourcesAsync();
        Assert.Equal(["anchor:///fox", new Uri(_folder["fox.jpg"]).AbsoluteUri], resources.Select(r => r.Uri));
        ReadResourceResult read = await client.ReadResourceAsync(resources[1].Uri);
        Assert.Equal(new FileInfo(_folder["fox.jpg"]).Length,
            Assert.IsType<BlobResourceContents>(read.Contents[0]).DecodedData.Length);
        await Assert.ThrowsAnyAsync<McpException>(async () =>
            await client.ReadResourceAsync("file:///etc/passwd"));
    }

    private async Task<McpClient> ConnectAsync(params string[] more) =>
        await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "nb",
            Command = "dotnet",
            Arguments = [NbServer.Program, "mcp", "--offline", "--out", _folder.Path, .. more],
        }));

    private static async Task<JsonElement> CallAsync(
        McpClient client, string tool, params (string Name, object Value)[] arguments)
    {
        CallToolResult result = await client.CallToolAsync(
            tool, arguments.ToDictionary(pair => pair.Name, pair => (object?)pair.Value));
        Assert.False(result.IsError ?? false, result.Content.OfType<TextContentBlock>().First().Text);
        return result.StructuredContent!.Value;
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
