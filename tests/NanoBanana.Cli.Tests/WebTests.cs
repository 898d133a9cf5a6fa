using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace NanoBanana.Cli.Tests;

/// <summary><c>nb web</c> as its clients meet it.</summary>
public sealed class WebTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_image_has_the_documented_form_of_the_route()
    {
        using NbServer server = await StartAsync();
        JsonElement made = await PostAsync(server, "images", new { prompt = "a fox", imageSize = "1K" });
        JsonElement image = made.GetProperty("image");
        byte[] bytes = image.GetProperty("data").GetBytesFromBase64();
        Assert.Equal("image/jpeg", image.GetProperty("mimeType").GetString());
        Assert.StartsWith("data:image/jpeg;base64,/9j/", image.GetProperty("url").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder["a-fox.jpg"]));
        Assert.Equal(1024, made.GetProperty("width").GetInt32());
        Assert.True(File.Exists(_folder["a-fox.jpg.nb.json"]));
    }

    [Fact]
    public async Task An_anchor_chosen_from_candidates_is_in_later_images_and_edits()
    {
        using NbServer server = await StartAsync();
        JsonElement sheet = await PostAsync(server, "characters", new { prompt = "a robot", count = 3, data = false });
        string[] ids = [.. sheet.GetProperty("candidates").EnumerateArray().Select(Id)];
        Assert.Equal(3, ids.Distinct().Count());
        await PostAsync(server, "anchors", new { name = "robo", image = ids[1] });
        JsonElement made = await PostAsync(
            server, "images", new { prompt = "the robot at sea", anchors = new[] { "robo" }, data = false });
        Assert.Equal("robo", made.GetProperty("anchors")[0].GetString());
        JsonElement edited = await PostAsync(
            server, $"images/{Id(made)}/edits", new { edit = "make it night", data = false });
        JsonElement shown = await _http.GetFromJsonAsync<JsonElement>(new Uri(server.Address, $"images/{Id(edited)}"));
        Assert.Equal(4, shown.GetProperty("turns").GetArrayLength());
        byte[] picture = await _http.GetByteArrayAsync(new Uri(server.Address, $"images/{Id(edited)}/data"));
        Assert.Equal(await File.ReadAllBytesAsync(_folder[Id(edited)]), picture);
    }

    [Fact]
    public async Task A_score_and_a_policy_are_enforced_and_reported()
    {
        await File.WriteAllTextAsync(_folder["faults.json"], """
            {"faults":[{"fault":"forgetReferences","path":"*nano-banana*","nth":[2,3]}]}
            """);
        using NbServer emulator =
            await NbServer.StartAsync("serve", "--port", "0", "--faults", _folder["faults.json"]);
        using NbServer server = await NbServer.StartAsync(
            "web", "--base-uri", emulator.Address.ToString(), "--out", _folder["shots"], "--port", "0");
        await PostAsync(server, "images", new { prompt = "a fox", name = "fox", data = false });
        await PostAsync(server, "anchors", new { name = "fox", image = "fox.jpg" });
        await File.WriteAllTextAsync(_folder["shots/brand.json"], """{"minimumScore":0.85}""");
        var order = new
        {
            prompt = "the fox asleep", anchors = new[] { "fox" }, name = "asleep", policy = "brand.json",
            maximumTryCount = 3, data = false,
        };
        JsonElement made = await PostAsync(server, "images", order);
        JsonElement verdict = made.GetProperty("verdict");
        Assert.True(verdict.GetProperty("isAccepted").GetBoolean(), made.GetRawText());
        Assert.Equal((3, 3, 0.85), (verdict.GetProperty("try").GetInt32(), made.GetProperty("tries").GetInt32(),
            verdict.GetProperty("minimumScore").GetDouble()));
        Assert.True(made.GetProperty("totalCost").GetDecimal() > 3 * 0.9m * made.GetProperty("cost").GetDecimal());
        Assert.True(File.Exists(_folder["shots/asleep-try2.jpg"]));

        int billed = (await CountAsync(emulator)).Billed;
        foreach ((object wrong, string id) in new (object, string)[]
        {
            (new { prompt = "a hen", policy = "none.json" }, "Nb.File.NotFound"),
            (new { prompt = "a hen", policy = "../faults.json" }, "Nb.File.NotFound"),
            (new { prompt = "a hen", policy = "fox.jpg.nb.json" }, "Nb.File.NotFound"),
            (new { prompt = "a hen", minimumScore = 0.9 }, "Nb.Judge.NothingToCheck"),
            (new { prompt = "a hen", minimumScore = 1.5 }, "Nb.Request"),
            (new { prompt = "a hen", votes = 3 }, "Nb.Judge.NothingJudged"),
            (new { prompt = "a hen", maximumDrift = 3 }, "Nb.Request.NothingToProtect"),
            (new { prompt = "a hen", anchors = "fox", minimumScore = 0.9, judgeModel = "nobody" },
                "Nb.Judge.UnknownModel"),
        })
        {
            using HttpResponseMessage answer =
                await _http.PostAsJsonAsync(new Uri(server.Address, "images"), wrong);
            string said = await answer.Content.ReadAsStringAsync();
            Assert.False(answer.IsSuccessStatusCode, said);
            Assert.Contains($"\"{id}", said, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Path, said, StringComparison.Ordinal);
        }
        Assert.Equal(billed, (await CountAsync(emulator)).Billed);
    }

    [Fact]
    public async Task A_stopping_server_first_saves_what_is_in_flight()
    {
        if (OperatingSystem.IsWindows()) return;
        using NbServer emulator = await NbServer.StartAsync("serve", "--port", "0", "--latency", "1500ms");
        using NbServer server = await NbServer.StartAsync("web", "--base-uri", emulator.Address.ToString(),
            "--out", _folder.Path, "--port", "0");
        Task<HttpResponseMessage> asked =
            _http.PostAsJsonAsync(new Uri(server.Address, "images"), new { prompt = "a fox" });
        while ((await CountAsync(emulator)).Requests == 0) await Task.Delay(10);
        Assert.Equal(0, await server.TerminateAsync());
        Assert.Equal(1, (await CountAsync(emulator)).Billed);
        Assert.True(File.Exists(_folder["a-fox.jpg"]));
        // Who asked is still there, and gets it.
        Assert.Equal(HttpStatusCode.OK, (await asked).StatusCode);
    }

    private async Task<(int Requests, int Billed)> CountAsync(NbServer emulator)
    {
        JsonElement statistics =
            await _http.GetFromJsonAsync<JsonElement>(new Uri(emulator.Address, "emulator/statistics"));
        return (statistics.GetProperty("requests").GetInt32(), statistics.GetProperty("billedGenerations").GetInt32());
    }

    [Fact]
    public async Task A_stream_reports_progress_and_ends_with_the_image_or_the_error()
    {
        using NbServer server = await StartAsync();
        string good = await StreamAsync(server, """{"prompt":"a fox","data":false}""");
        Assert.Contains("event: progress", good, StringComparison.Ordinal);
        Assert.Contains("event: result", good, StringComparison.Ordinal);
        string bad = await StreamAsync(server, """{"prompt":"[[IMAGE_SAFETY]] a fox"}""");
        Assert.Contains("event: error", bad, StringComparison.Ordinal);
        Assert.Contains("Nb.Answer.NoImage", bad, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_and_warnings_name_no_path_of_the_server()
    {
        // With a separator at its end, as a shell completes it.
        string shots = _folder["shots"] + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(shots);
        await File.WriteAllTextAsync(Path.Combine(shots, "brand.json"), """{"minimumWidth":9000}""");
        using NbServer server = await NbServer.StartAsync("web", "--offline", "--out", shots, "--port", "0");
        string told = await StreamAsync(server, """{"prompt":"a fox","name":"fox","policy":"brand.json","data":false}""");
        Assert.Contains("'fox.jpg' is not good enough", told, StringComparison.Ordinal);
        Assert.Contains("event: result", told, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_uploaded_as_a_form()
    {
        using NbServer server = await StartAsync();
        await PostAsync(server, "images", new { prompt = "a fox", name = "fox", data = false });
        using var form = new MultipartFormDataContent
        {
            { new StringContent("as a woodcut"), "prompt" },
            { new StringContent("false"), "data" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(_folder["fox.jpg"])), "references", "fox.jpg" },
        };
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(server.Address, "images"), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Bad_input_is_refused_before_anything_is_paid_for()
    {
        using NbServer server = await StartAsync("--max-cost", "0.06");
        foreach ((string body, int status, string id) in new[]
        {
            ("nope", 400, "Nb.Request.BodyUnreadable"),
            ("[1]", 400, "Nb.Request.NotAnObject"),
            ("""{"prompt":"x","ratio":"1:1"}""", 400, "Nb.Request.UnknownField"),
            ("""{"prompt":"x","prompt":"y"}""", 400, "Nb.Request.FieldTwice"),
            ("""{"prompt":""}""", 400, "Nb.Request.EmptyPrompt"),
            ("""{"prompt":"x","size":"9K"}""", 400, "Nb.Request.UnsupportedSize"),
            ("""{"prompt":"x","data":"maybe"}""", 400, "Nb.Request.WrongType"),
            ("""{"prompt":"x","references":["http://127.0.0.1/x.png"]}""", 404, "Nb.Image.Unknown"),
            ("""{"prompt":"x","references":["../../etc/passwd"]}""", 404, "Nb.Image.Unknown"),
            ("""{"prompt":"x","references":["data:image/png;base64,AAAA"]}""", 400, "Nb.File.NotAnImage"),
            ("""{"prompt":"x","outFile":"..\\evil.jpg"}""", 400, "Nb.Request.NameIsPath"),
            ("""{"prompt":"x","anchors":["nobody"]}""", 404, "Nb.Anchor.Unknown"),
            ("""{"prompt":"half a \ud800 pair"}""", 400, "Nb.Request.BrokenText"),
            ("""{"prompt":"x","labels":{"\ud800":"y"}}""", 400, "Nb.Request.BrokenText"),
            ("""{"prompt":"x","from":"fox.jpg"}""", 400, "Nb.Request.UnsupportedOption"),
            ("""{"prompt":"x","edit":"bluer"}""", 400, "Nb.Request.UnsupportedOption"),
            ("""{"prompt":"x","depends":["/etc/passwd"]}""", 400, "Nb.Request.UnsupportedOption"),
            ("""{"prompt":"x","count":2}""", 400, "Nb.Request.UnknownField"),
            ("""{"prompt":"x","name":".nb"}""", 400, "Nb.Request.NameIsPath"),
            ("""{"prompt":"x","name":"a\u202egpj"}""", 400, "Nb.Manifest.InvalidName"),
            ("""{"prompt":"x","references":["data:image/png;base64,!"]}""", 400, "Nb.File.AddressUnreadable"),
            ("""{"prompt":"x","size":"4K"}""", 402, "Nb.Budget.Exceeded"),
        })
        {
            using HttpResponseMessage answer = await _http.PostAsync(new Uri(server.Address, "images"),
                new StringContent(body, Encoding.UTF8, "application/json"));
            JsonElement told = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((body, status, id),
                (body, (int)answer.StatusCode, told.GetProperty("id").GetString()!));
        }
        JsonElement usage = await _http.GetFromJsonAsync<JsonElement>(new Uri(server.Address, "usage"));
        Assert.Equal(0, usage.GetProperty("spent").GetDecimal());
    }

    [Theory]
    [InlineData("anchors", """{"name":"k","image":"fox.jpg","roll":"Style"}""", "Did you mean 'role'?")]
    [InlineData("characters", """{"prompt":"a fox","cuont":2}""", "Did you mean 'count'?")]
    [InlineData("characters", """{"prompt":"a fox","count":"many"}""", "whole number from 1 to 8")]
    [InlineData("images", """{"prompt":"a fox","dryrun":true}""", "Did you mean 'dryRun'?")]
    [InlineData("images", """{"prompt":"a fox","references":[{"path":"x.png","rol":"Style"}]}""", "'role'")]
    [InlineData("images?size=4K", """{"prompt":"a fox"}""", "the body")]
    [InlineData("nowhere", """{"prompt":"a fox"}""", "openapi.json")]
    public async Task A_wish_that_is_not_understood_is_refused_by_name(string path, string body, string said)
    {
        using NbServer server = await StartAsync();
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(server.Address, path),
            new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.InRange((int)answer.StatusCode, 400, 404);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Addresses_of_this_machine_are_names_of_the_server()
    {
        using NbServer server = await StartAsync();
        var usage = new Uri(server.Address, "usage");
        foreach (string name in new[] { "127.0.0.2:99", "[::1]", "[0:0:0:0:0:0:0:1]:5", "LOCALHOST" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(usage, r => r.Headers.Host = name));
        }
        foreach (string name in new[] { "0.0.0.0", "localhost.evil.example", "192.168.0.4" })
        {
            Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync(usage, r => r.Headers.Host = name));
        }
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(usage, r => r.Headers.Add("Origin", "null")));
    }

    [Theory]
    [InlineData("Nb.File.NotAFolder", "--out", "FILE")]
    [InlineData("is no origin", "--allow-origin", "https://shop.example/")]
    [InlineData("is no origin", "--allow-origin", "*")]
    [InlineData("is no host name", "--host-name", "http://shop.example")]
    public async Task What_could_never_work_is_said_at_the_start(string said, string option, string value)
    {
        string file = _folder["file"];
        await File.WriteAllTextAsync(file, "");
        string[] place = option == "--out" ? [] : ["--out", _folder.Path];
        using Process refused = NbServer.Run(
            ["web", "--offline", "--port", "0", .. place, option, value == "FILE" ? file : value]);
        string error = await refused.StandardError.ReadToEndAsync();
        await refused.WaitForExitAsync();
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_bodies_other_hosts_and_other_origins_are_refused()
    {
        using NbServer server = await StartAsync("--max-body", "1", "--allow-origin", "https://ok.example");
        var images = new Uri(server.Address, "images");
        using HttpResponseMessage large = await _http.PostAsync(images,
            new StringContent(new string(' ', 1_500_000), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest,
            await StatusAsync(images, r => r.Headers.Host = "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden,
            await StatusAsync(images, r => r.Headers.Add("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(images, r => r.Headers.Add("Origin", "https://ok.example")));
    }

    [Fact]
    public async Task Each_token_has_its_own_folder_budget_and_rate()
    {
        const string Site = "0123456789abcdef-site", Shop = "0123456789abcdef-shop";
        await File.WriteAllTextAsync(_folder["tokens.json"], $$"""
            [{"name": "site", "token": "{{Site}}", "maxCost": 0.01}, {"name": "shop", "token": "{{Shop}}", "requestsPerMinute": 2}]
            """);
        using NbServer server = await StartAsync("--tokens", _folder["tokens.json"]);
        var images = new Uri(server.Address, "images");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(images, _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(images, Bearer(Site + "x")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(images, Bearer(Site)));
        Assert.Equal(HttpStatusCode.PaymentRequired, await MakeAsync(Site));
        Assert.Equal(HttpStatusCode.OK, await MakeAsync(Shop));
        Assert.True(File.Exists(Path.Combine(_folder["shop"], "a-fox.jpg")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(images, Bearer(Shop)));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(images, Bearer(Shop)));

        async Task<HttpStatusCode> MakeAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, images)
            {
                Content = JsonContent.Create(new { prompt = "a fox", data = false }),
            };
            Bearer(token)(request);
            using HttpResponseMessage answer = await _http.SendAsync(request);
            return answer.StatusCode;
        }

        static Action<HttpRequestMessage> Bearer(string token) =>
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    [Fact]
    public async Task The_budgets_of_clients_are_limited_by_that_of_the_server()
    {
        await File.WriteAllTextAsync(_folder["tokens.json"],
            """[{"name": "site", "token": "0123456789abcdef-site", "maxCost": 5}]""");
        using NbServer server = await StartAsync("--tokens", _folder["tokens.json"], "--max-cost", "0.01");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "images"))
        {
            Content = JsonContent.Create(new { prompt = "a fox", data = false }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "0123456789abcdef-site");
        using HttpResponseMessage answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
    }

    [Fact]
    public async Task Other_machines_are_served_only_with_tokens()
    {
        using Process refused = NbServer.Run("web", "--offline", "--out", _folder.Path, "--address", "0.0.0.0");
        string error = await refused.StandardError.ReadToEndAsync();
        await refused.WaitForExitAsync();
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("Nb.Server.NoTokens", error, StringComparison.Ordinal);
    }

    private Task<NbServer> StartAsync(params string[] more) =>
        NbServer.StartAsync(["web", "--offline", "--out", _folder.Path, "--port", "0", .. more]);

    private async Task<JsonElement> PostAsync(NbServer server, string path, object body)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(new Uri(server.Address, path), body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<string> StreamAsync(NbServer server, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "images"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpStatusCode> StatusAsync(Uri address, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        change(request);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Id(JsonElement made) => made.GetProperty("id").GetString()!;
}
