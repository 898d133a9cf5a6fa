using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Tests;

/// <summary>Short ways to ask for interactions and to look at them.</summary>
internal static class Interactions
{
    public const string Path = "v1/interactions";

    /// <summary>The same picture each time.</summary>
    public static JsonObject Seeded => new() { ["seed"] = 7 };

    public static Task<Answer> InteractAsync(
        this Emulator emulator, JsonNode input, JsonObject? more = null, string model = Emulator.Nb21,
            string path = Path)
    {
        JsonObject body = new() { ["model"] = model, ["input"] = input };
        foreach ((string name, JsonNode? value) in more ?? []) body[name] = value?.DeepClone();
        return emulator.PostAsync(path, body);
    }

    public static async Task<Answer> GetInteractionAsync(this Emulator emulator, string id, string query = "") =>
        await emulator.GetAsync($"{Path}/{id}{query}");

    public static string Id(this Answer answer) => answer.Json["id"]!.GetValue<string>();

    public static string Status(this Answer answer) => answer.Json["status"]!.GetValue<string>();

    public static JsonArray Steps(this Answer answer) => answer.Json["steps"]!.AsArray();

    public static JsonObject Step(this Answer answer, string type) =>
        answer.Steps().First(step => step!["type"]!.GetValue<string>() == type)!.AsObject();

    /// <summary>The last picture of the last output.</summary>
    public static byte[] Drawn(this Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        JsonNode output = answer.Steps().Last(step => step!["type"]!.GetValue<string>() == "model_output")!;
        JsonNode image = output["content"]!.AsArray().Last(content => content!["type"]!.GetValue<string>() == "image")!;
        return Convert.FromBase64String(image["data"]!.GetValue<string>());
    }

    public static EmulatorPicture Remembered(this Answer answer) => EmulatorPicture.TryRead(answer.Drawn())!;

    /// <summary>The events of a stream, without the mark of its end.</summary>
    public static List<JsonObject> Events(string text) => [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(block => block[(block.IndexOf("data: ", StringComparison.Ordinal) + 6)..])
        .Where(data => data != "[DONE]")
        .Select(data => JsonNode.Parse(data)!.AsObject())];

    public static string Type(this JsonObject wire) => wire["event_type"]!.GetValue<string>();

    public static JsonArray Contents(string text, params byte[][] images)
    {
        JsonArray contents = new(new JsonObject { ["type"] = "text", ["text"] = text });
        foreach (byte[] image in images)
        {
            contents.Add(new JsonObject
            {
                ["type"] = "image",
                ["mime_type"] = image[0] == 0xFF ? "image/jpeg" : "image/png",
                ["data"] = Convert.ToBase64String(image),
            });
        }

        return contents;
    }

    /// <summary>A conversation as steps: what was asked, what came, what is asked now.</summary>
    public static JsonArray History(string first, JsonArray steps, string second) =>
        new([UserInput(first), .. steps.Select(step => step!.DeepClone()), UserInput(second)]);

    private static JsonObject UserInput(string text) => new() { ["type"] = "user_input", ["content"] = Contents(text) };
}
