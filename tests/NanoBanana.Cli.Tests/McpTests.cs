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
    public async Task A_score_and_a_policy_are_priced_enforced_and_reported()
    {
        await using McpClient client = await ConnectAsync();
        await CallAsync(client, "make_image", ("prompt", "a red fox"), ("name", "fox"));
        await CallAsync(client, "set_anchor", ("name", "fox"), ("image", "fox.jpg"));
        await File.WriteAllTextAsync(_folder["brand.json"], """{"minimumScore":0.85,"minimumWidth":9000}""");
        (string Name, object Value)[] order =
            [("prompt", "the fox asleep"), ("anchors", new[] { "fox" }), ("policy", "brand.json"),
                ("maximumTryCount", 2)];
        JsonElement plan = await CallAsync(client, "make_image", [.. order, ("dryRun", true)]);
        Assert.True(plan.GetProperty("mostCost").GetDecimal() > 2 * plan.GetProperty("estimatedCost").GetDecimal());
        JsonElement made = await CallAsync(client, "make_image", order);
        Assert.Equal(2, made.GetProperty("tries").GetInt32());
        JsonElement verdict = made.GetProperty("verdict");
        Assert.False(verdict.GetProperty("isAccepted").GetBoolean());
        Assert.Contains("9000", verdict.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.True(verdict.GetProperty("score").GetDouble() > 0.85);
        Assert.InRange(made.GetProperty("totalCost").GetDecimal(), 0, plan.GetProperty("mostCost").GetDecimal());
    }

    [Fact]
    public async Task A_session_keeps_its_budget_from_the_first_image_to_the_fifth_call()
    {
        await using McpClient client = await ConnectAsync("--max-cost", "0.2");
        await CallAsync(client, "make_image", ("prompt", "a red fox"), ("name", "fox"));
        await CallAsync(client, "set_anchor", ("name", "fox"), ("image", "fox.jpg"));
        JsonElement batch = await CallAsync(client, "run_batch", ("name", "variations"), ("maxCost", 0.16), ("items",
            new[] { "asleep", "running", "drinking" }
                .Select(scene => new { name = scene, prompt = $"the fox {scene}", anchors = new[] { "fox" } })
                .ToArray()));
        Assert.True(batch.GetProperty("isComplete").GetBoolean(), batch.GetRawText());
        decimal after = (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal();
        Assert.InRange(after, 0.13m, 0.18m);
        CallToolResult edit = await client.CallToolAsync("edit_image", new Dictionary<string, object?>
        {
            ["image"] = "fox.jpg", ["edit"] = "add a scarf", ["size"] = "2K",
        });
        Assert.Equal("Nb.Budget.Exceeded", Text(edit.StructuredContent!.Value, "id"));
        JsonElement cost = await CallAsync(client, "get_cost");
        Assert.Equal((after, 0m),
            (cost.GetProperty("spent").GetDecimal(), cost.GetProperty("setAside").GetDecimal()));
    }

    [Fact]
    public async Task A_job_counts_from_the_moment_it_is_submitted_and_once()
    {
        await using McpClient client = await ConnectAsync("--max-cost", "2");
        (string Name, object Value)[] order = [("name", "jobs"), ("mode", "batch"), ("items",
            new[] { new { name = "fox", prompt = "a fox" }, new { name = "owl", prompt = "an owl" } })];
        JsonElement submitted = await CallAsync(client, "run_batch", order);
        Assert.All(submitted.GetProperty("items").EnumerateArray(),
            item => Assert.Equal("Submitted", Text(item, "state")));
        decimal estimate = submitted.GetProperty("items").EnumerateArray()
            .Sum(item => item.GetProperty("estimatedCost").GetDecimal());
        decimal before = (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal();
        Assert.Equal(estimate, before);
        JsonElement made = submitted;
        while (!made.GetProperty("isComplete").GetBoolean()) made = await CallAsync(client, "run_batch", order);
        decimal cost = made.GetProperty("cost").GetDecimal();
        decimal after = (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal();
        Assert.InRange(cost, 0.02m, 0.1m);
        Assert.Equal(Math.Max(estimate, cost), after);
    }

    [Fact]
    public async Task A_batch_continues_with_missing_items_and_reports_its_price_first()
    {
        await using McpClient client = await ConnectAsync();
        object[] items =
        [
            new { name = "day", prompt = "a lighthouse by day" },
            new { name = "night", from = "day", edit = "make it night" },
        ];
        JsonElement plan = await CallAsync(
            client, "run_batch", ("name", "light"), ("items", items), ("dryRun", true));
        Assert.True(plan.GetProperty("estimatedCost").GetDecimal() > 0);
        Assert.False(Directory.Exists(_folder["light"]));
        JsonElement made = await CallAsync(client, "run_batch", ("name", "light"), ("items", items));
        Assert.All(made.GetProperty("items").EnumerateArray(), item => Assert.True(File.Exists(Text(item, "path"))));
        decimal spent = (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal();
        JsonElement again = await CallAsync(client, "run_batch", ("name", "light"));
        Assert.Equal(["UpToDate", "UpToDate"],
            again.GetProperty("items").EnumerateArray().Select(item => Text(item, "state")));
        Assert.Equal(spent, (await CallAsync(client, "get_cost")).GetProperty("spent").GetDecimal());
        JsonElement shown = await CallAsync(client, "show_batch", ("name", "light"));
        Assert.True(shown.GetProperty("isComplete").GetBoolean());
        Assert.True(File.Exists(Text(await CallAsync(client, "review_images", ("name", "light")), "path")));
    }

    [Fact]
    public async Task A_batch_reads_no_file_of_the_server()
    {
        await using McpClient client = await ConnectAsync();
        foreach ((object item, string id) in new (object, string)[]
        {
            (new { prompt = "x", references = new[] { "/etc/passwd" } }, "Nb.Image.Unknown"),
            (new { prompt = "x", references = new[] { "../secret.png" } }, "Nb.Image.Unknown"),
            (new { name = "x", from = "../secret.png", edit = "y" }, "Nb.Image.Unknown"),
            (new { prompt = "x", policy = "/etc/passwd" }, "Nb.File.NotFound"),
            (new { prompt = "x", depends = new[] { "/etc/passwd" } }, "Nb.Request.UnsupportedOption"),
            (new { prompt = "x", anchors = new[] { "nobody" } }, "Nb.Anchor.Unknown"),
            (new { prompt = "x", outFile = "../../x.jpg" }, "Nb.Manifest.PathEscapes"),
        })
        {
            CallToolResult refused = await client.CallToolAsync("run_batch", new Dictionary<string, object?>
            {
                ["name"] = "b", ["items"] = new[] { item },
            });
            Assert.Equal((item, id), (item, Text(refused.StructuredContent!.Value, "id")));
        }
        foreach (string name in new[] { "../b", "anchors", "Anchors" })
        {
            CallToolResult outside = await client.CallToolAsync("run_batch", new Dictionary<string, object?>
            {
                ["name"] = name, ["items"] = new[] { new { prompt = "x" } },
            });
            Assert.Equal("Nb.Request.NameIsPath", Text(outside.StructuredContent!.Value, "id"));
        }
        Assert.False(Directory.Exists(_folder["b"]));
    }

    [Fact]
    public async Task An_image_is_checked_against_an_anchor()
    {
        await using McpClient client = await ConnectAsync();
        await CallAsync(client, "make_image", ("prompt", "a red fox"), ("name", "fox"));
        await CallAsync(client, "make_image", ("prompt", "an owl"), ("name", "owl"));
        await CallAsync(client, "set_anchor", ("name", "fox"), ("image", "fox.jpg"));
        await CallAsync(client, "make_image", ("prompt", "the fox asleep"), ("name", "asleep"), ("anchors", "fox"));
        Assert.True((await CallAsync(client, "check_image", ("image", "asleep.jpg"))).GetProperty("isAccepted")
            .GetBoolean());
        JsonElement owl = await CallAsync(client, "check_image", ("image", "owl.jpg"), ("anchors", "fox"));
        Assert.False(owl.GetProperty("isAccepted").GetBoolean());
        Assert.True(owl.GetProperty("cost").GetDecimal() > 0);
        await File.WriteAllTextAsync(_folder["measured.json"], """{"minimumWidth":9}""");
        foreach ((string field, object value, string id) in new (string, object, string)[]
        {
            ("votes", 3, "Nb.Judge.NothingJudged"), ("lettering", "", "Nb.Judge.NoLetters"),
        })
        {
            CallToolResult refused = await client.CallToolAsync("check_image", new Dictionary<string, object?>
            {
                ["image"] = "owl.jpg", ["policy"] = "measured.json", [field] = value,
            });
            Assert.Equal(id, Text(refused.StructuredContent!.Value, "id"));
        }
    }

    [Fact]
    public async Task Histories_and_anchors_are_resources_by_template()
    {
        await using McpClient client = await ConnectAsync();
        await CallAsync(client, "make_image", ("prompt", "a fox"), ("name", "fox"));
        Assert.Equal(["anchor:///{name}", "history:///{image}"],
            (await client.ListResourceTemplatesAsync()).Select(template => template.UriTemplate));
        ReadResourceResult read = await client.ReadResourceAsync("history:///fox.jpg");
        string json = Assert.IsType<TextResourceContents>(read.Contents[0]).Text;
        Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(json).GetProperty("turns").GetArrayLength());
        await Assert.ThrowsAnyAsync<McpException>(async () => await client.ReadResourceAsync("history:///..%2Fx.jpg"));
    }

    [Fact]
    public async Task Over_HTTP_each_token_has_its_own_folder_and_budget()
    {
        await File.WriteAllTextAsync(_folder["tokens.json"], """
            [{"name": "site", "token": "0123456789abcdef-site", "maxCost": 0.01},
             {"name": "shop", "token": "0123456789abcdef-shop"}]
            """);
        using NbServer server = await NbServer.StartAsync("mcp", "--offline", "--out", _folder.Path, "--port", "0",
            "--tokens", _folder["tokens.json"]);
        await using McpClient site = await OverHttpAsync(server, "0123456789abcdef-site");
        await using McpClient shop = await OverHttpAsync(server, "0123456789abcdef-shop");
        await CallAsync(shop, "make_image", ("prompt", "a fox"), ("name", "fox"));
        Assert.True(File.Exists(Path.Combine(_folder["shop"], "fox.jpg")));
        CallToolResult refused = await site.CallToolAsync(
            "make_image", new Dictionary<string, object?> { ["prompt"] = "a fox" });
        Assert.Equal("Nb.Budget.Exceeded", Text(refused.StructuredContent!.Value, "id"));
        Assert.Empty((await CallAsync(site, "list_images")).GetProperty("images").EnumerateArray());
        await Assert.ThrowsAnyAsync<Exception>(async () => await OverHttpAsync(server, "0123456789abcdef-nobody"));
    }

    private static Task<McpClient> OverHttpAsync(NbServer server, string token) =>
        McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = server.Address,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
        }));

    [Fact]
    public async Task An_edit_continues_the_conversation()
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
    public async Task A_result_has_a_path_and_a_link_and_on_request_the_picture()
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
    public async Task Bad_input_is_refused_before_anything_is_paid_for()
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
    public async Task A_dry_run_reports_the_price_and_sends_nothing()
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
