using System.Text;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>A service, a client of it, and short ways to ask it.</summary>
internal sealed class Emulator : IDisposable
{
    public const string Nb21 = "gemini-nano-banana-2.1";
    public const string Nb = "gemini-2.5-flash-image";
    public const string Pro = "gemini-3-pro-image";

    public Emulator(EmulatorOptions? options = null)
    {
        Service = new EmulatorService(options ?? new EmulatorOptions());
        Client = new HttpClient(new EmulatorHandler(Service)) { BaseAddress = new Uri("https://gemini.test/") };
        Client.DefaultRequestHeaders.Add("x-goog-api-key", "test-key");
    }

    public EmulatorService Service { get; }

    public HttpClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        Service.Dispose();
    }

    public Task<Answer> GenerateAsync(string prompt, string model = Nb21, string config = "{}") => PostAsync(
        $"v1beta/models/{model}:generateContent",
        new JsonObject
        {
            ["contents"] = new JsonArray(UserTurn(prompt)),
            ["generationConfig"] = JsonNode.Parse(config),
        });

    public Task<Answer> GenerateAsync(JsonArray contents, string model = Nb21) => PostAsync(
        $"v1beta/models/{model}:generateContent", new JsonObject { ["contents"] = contents });

    public Task<Answer> PostAsync(string path, JsonNode body) => PostAsync(path, body.ToJsonString());

    public async Task<Answer> PostAsync(string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.PostAsync(path, content);
        return await Answer.ReadAsync(response);
    }

    public async Task<Answer> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path);
        return await Answer.ReadAsync(response);
    }

    public static JsonObject UserTurn(string prompt, params byte[][] images)
    {
        JsonArray parts = new(new JsonObject { ["text"] = prompt });
        foreach (byte[] image in images)
        {
            string mimeType = image[0] == 0xFF ? "image/jpeg" : "image/png";
            parts.Add(new JsonObject
            {
                ["inlineData"] = new JsonObject { ["mimeType"] = mimeType, ["data"] = Convert.ToBase64String(image) },
            });
        }

        return new JsonObject { ["role"] = "user", ["parts"] = parts };
    }
}
