using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

public sealed class RulesTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData(Emulator.Nb21, """{"imageConfig":{"imageSize":"2k"}}""",
        "image_size must be one of '1K', '2K', or '4K'")]
    [InlineData(Emulator.Nb21, """{"imageConfig":{"imageSize":"512"}}""", "image_size must be one of")]
    [InlineData(Emulator.Nb, """{"imageConfig":{"imageSize":"1K"}}""", "Image size is not enabled")]
    [InlineData(Emulator.Pro, """{"imageConfig":{"aspectRatio":"1:8"}}""", "aspect_ratio must be one of '1:1'")]
    [InlineData(Emulator.Nb21, """{"imageConfig":{"aspectRatio":"auto"}}""", "aspect_ratio must be one of")]
    [InlineData(Emulator.Pro, """{"thinkingConfig":{"thinkingLevel":"high"}}""",
        "Thinking level is not supported for this model.")]
    [InlineData(Emulator.Nb21, """{"thinkingConfig":{"thinkingLevel":"low"}}""", "Thinking level LOW is not supported")]
    [InlineData(Emulator.Nb, """{"thinkingConfig":{"includeThoughts":true}}""", "Thinking is not enabled for models/")]
    [InlineData(Emulator.Nb21, """{"candidateCount":2}""", "Multiple candidates is not enabled")]
    [InlineData(Emulator.Nb21, """{"responseMimeType":"application/json"}""", "JSON mode is not enabled")]
    [InlineData(Emulator.Nb21, """{"responseModalities":["AUDIO"]}""", "combination of response modalities")]
    public async Task A_setting_the_model_lacks_is_a_400(string model, string config, string message)
    {
        Answer answer = await _emulator.GenerateAsync("a fox", model, config);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("INVALID_ARGUMENT", answer.ErrorStatus);
        Assert.Contains(message, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, _emulator.Service.Statistics.BilledGenerations);
    }

    [Theory]
    [InlineData("""{"contents":[]}""", "contents is not specified")]
    [InlineData("", "contents is not specified")]
    [InlineData("""{"contents":[{"role":"user","parts":[]}]}""", "parts must not be empty")]
    [InlineData("""{"contents":[{"role":"user","parts":[{}]}]}""", "required oneof field 'data'")]
    [InlineData("""{"contents":[{"role":"system","parts":[{"text":"x"}]}]}""", "valid role: user, model")]
    [InlineData("""{"contents":[{"role":"model","parts":[{"text":"x"}]}]}""", "end with a user role")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"%%"}}]}]}""",
        "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]}""",
        "Unable to process input image")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}]}]}""",
        "Unsupported MIME type: audio/wav")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/gif","data":"R0lGODlhAQABAAAAACw="}}]}]}""",
        "Unsupported MIME type: image/gif")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/jpg","data":"/9j/"}}]}]}""",
        "Unsupported MIME type: image/jpg")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"seed":3000000000}}""",
        "Invalid value at 'generation_config.seed' (TYPE_INT32), 3000000000")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[]}]}""",
        "Function calling is not enabled")]
    [InlineData("""{"contents": [{"parts" """, "Invalid JSON payload received")]
    [InlineData("""[1]""", "Root element must be a message")]
    [InlineData("""{"contents":[{"parts":[{"text":5}]}]}""",
        "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 5")]
    public async Task A_broken_body_is_a_400(string body, string message)
    {
        Answer answer = await _emulator.PostAsync($"v1beta/models/{Emulator.Nb21}:generateContent", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(message, answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_field_is_named_with_its_place()
    {
        Answer answer =
            await _emulator.GenerateAsync("a fox",
            config: """{"imageConfig":{"personGeneration":"ALLOW_ALL"},"x":1}""");

        Assert.Equal(
            "Invalid JSON payload received. Unknown name \"personGeneration\" at 'generation_config.image_config': Cannot find field.\n"
            + "Invalid JSON payload received. Unknown name \"x\" at 'generation_config': Cannot find field.",
            answer.ErrorMessage);
        JsonNode detail = answer.Json["error"]!["details"]![0]!;
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", detail["@type"]!.GetValue<string>());
        Assert.Equal("generation_config.image_config", detail["fieldViolations"]![0]!["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Snake_case_means_the_same()
    {
        using Emulator emulator = new(new EmulatorOptions { IsRepeatable = true });
        Answer camel =
            await emulator.GenerateAsync("a fox",
            config: """{"imageConfig":{"aspectRatio":"16:9","imageSize":"1K"}}""");
        Answer snake = await emulator.PostAsync(
            $"v1beta/models/{Emulator.Nb21}:generateContent",
            """
            {"contents":[{"role":"user","parts":[{"text":"a fox"}]}],
             "generation_config":{"image_config":{"aspect_ratio":"16:9","image_size":"1K"}}}
            """);

        Assert.Equal(camel.Image, snake.Image);
    }

    [Fact]
    public async Task Vertex_knows_its_own_fields_and_wants_a_bearer()
    {
        const string Path = "v1beta1/projects/p/locations/global/publishers/google/models/" + Emulator.Nb21
            + ":generateContent";
        const string Body =
            """{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"imageConfig":{"personGeneration":"ALLOW_ALL"}}}""";
        _emulator.Client.DefaultRequestHeaders.Remove("x-goog-api-key");
        Answer without = await _emulator.PostAsync(Path, Body);
        _emulator.Client.DefaultRequestHeaders.Add("Authorization", "Bearer token");
        Answer with = await _emulator.PostAsync(Path, Body);

        Assert.Equal(HttpStatusCode.Unauthorized, without.Status);
        Assert.Equal("UNAUTHENTICATED", without.ErrorStatus);
        Assert.Equal(HttpStatusCode.OK, with.Status);
    }

    [Fact]
    public async Task Vertex_uses_its_own_names_of_models()
    {
        Answer answer = await _emulator.GetAsync("v1beta1/publishers/google/models");

        Assert.All(answer.Json["publisherModels"]!.AsArray(), model => Assert.StartsWith(
            "publishers/google/models/gemini-", model!["name"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("files")]
    [InlineData("batches")]
    [InlineData("publishers/google/models/" + Emulator.Nb21 + ":batchGenerateContent")]
    public async Task Vertex_has_neither_files_nor_this_kind_of_batch(string resource)
    {
        string path = "v1beta1/projects/p/locations/global/" + resource;

        Answer answer = resource.Contains(':') ? await _emulator.PostAsync(path, "{}") : await _emulator.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Fact]
    public async Task Numbers_in_strings_mean_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var french = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        french.NumberFormat =
            new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = " ", NegativeSign = "~" };
        CultureInfo.CurrentCulture = french;
        try
        {
            Answer answer = await _emulator.GenerateAsync("a fox", config: """{"temperature":"0.5","seed":"-7"}""");

            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("gemini-3-pro-image-preview")]
    [InlineData("no-such-model")]
    public async Task A_retired_or_unknown_model_is_a_404(string model)
    {
        Answer answer = await _emulator.GenerateAsync("a fox", model);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(
            $"models/{model} is not found for API version v1beta, or is not supported for generateContent. "
            + "Call ListModels to see the list of available models and their supported methods.",
            answer.ErrorMessage);
    }

    [Fact]
    public async Task Too_few_output_tokens_leave_no_room_for_a_picture()
    {
        Answer answer = await _emulator.GenerateAsync("a fox", config: """{"maxOutputTokens":100}""");

        Assert.Equal("MAX_TOKENS", answer.Candidate["finishReason"]!.GetValue<string>());
        Assert.Empty(answer.Images);
    }

    [Fact]
    public async Task A_deprecated_model_still_works() =>
        Assert.Equal(HttpStatusCode.OK, (await _emulator.GenerateAsync("a fox", "gemini-3.1-flash-image")).Status);

    [Fact]
    public async Task Fourteen_references_pass_and_fifteen_do_not()
    {
        byte[] image = (await _emulator.GenerateAsync("a fox")).Image;
        Answer fits =
            await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("x", [.. Enumerable.Repeat(image, 14)])));
        Answer tooMany =
            await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("x", [.. Enumerable.Repeat(image, 15)])));

        Assert.Equal(HttpStatusCode.OK, fits.Status);
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.Status);
    }

    [Theory]
    [InlineData(Emulator.Nb, """[{"googleSearch":{}}]""", "Search as tool is not enabled")]
    [InlineData(Emulator.Pro, """[{"googleSearch":{"searchTypes":{"imageSearch":{}}}}]""",
        "Image search is not enabled")]
    public async Task Grounding_is_for_the_models_that_have_it(string model, string tools, string message)
    {
        JsonObject body = new()
        {
            ["contents"] = new JsonArray(Emulator.UserTurn("x")),
            ["tools"] = JsonNode.Parse(tools),
        };
        Answer answer = await _emulator.PostAsync($"v1beta/models/{model}:generateContent", body);

        Assert.Contains(message, answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_it_is_a_403_and_with_a_wrong_one_a_400()
    {
        using Emulator strict = new(new EmulatorOptions { ApiKey = "right" });
        Answer wrong = await strict.GenerateAsync("a fox");
        strict.Client.DefaultRequestHeaders.Remove("x-goog-api-key");
        Answer none = await strict.GenerateAsync("a fox");
        Answer inQuery = await strict.GetAsync("v1beta/models?key=right");

        Assert.Equal("API key not valid. Please pass a valid API key.", wrong.ErrorMessage);
        Assert.Equal("API_KEY_INVALID", wrong.Json["error"]!["details"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, none.Status);
        Assert.Equal(HttpStatusCode.OK, inQuery.Status);
    }

    [Fact]
    public async Task A_body_over_the_inline_limit_is_refused()
    {
        using Emulator small = new(new EmulatorOptions { InlineLimit = 1000 });
        Answer answer = await small.GenerateAsync(new string('x', 2000));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Request payload size exceeds the limit: 1000 bytes.", answer.ErrorMessage);
    }

    [Fact]
    public async Task Models_are_listed_page_by_page_without_the_retired()
    {
        List<string> names = [];
        string? token = null;
        do
        {
            Answer page = await _emulator.GetAsync($"v1beta/models?pageSize=2&pageToken={token}");
            names.AddRange(page.Json["models"]!.AsArray().Select(model => model!["name"]!.GetValue<string>()));
            token = page.Json["nextPageToken"]?.GetValue<string>();
        }
        while (token is not null);

        Assert.Equal(7, names.Distinct().Count());
        Assert.Equal(7, names.Count);
        Assert.DoesNotContain(names, name => name.EndsWith("-preview", StringComparison.Ordinal));
    }
}
