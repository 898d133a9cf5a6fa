using System.Text.Json.Nodes;
using NanoBanana.Models;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>The description of the server's API (OpenAPI 3.1).</summary>
internal static class OpenApiDocument
{
    /// <summary>The document.</summary>
    /// <param name="catalog">The models, for the values of options.</param>
    public static JsonObject Of(ModelCatalog catalog)
    {
        var name = ("name", ItemSchema.Text("The file's name without extension; made of the prompt when left out."));
        var anchors = ("anchors", ItemSchema.Texts("Names of anchors to keep the same."));
        var references = ("references", ItemSchema.Texts("Other pictures to look at: ids, or data URLs."));
        var data = ("data", ItemSchema.Flag("false gives the address of the picture instead of its bytes."));
        var dryRun = ("dryRun", ItemSchema.Flag("Only report what would be sent and what it would cost."));
        JsonObject make = ItemSchema.WithOptions(catalog, ["prompt"],
            ("prompt", ItemSchema.Text("The scene to draw.")), name, anchors, references, data, dryRun);
        JsonObject edit = ItemSchema.WithOptions(catalog, ["edit"],
            ("edit", ItemSchema.Text("What to change, in words.")), name, anchors, references, data, dryRun);
        JsonObject candidates = ItemSchema.WithOptions(catalog, ["prompt"],
            ("prompt", ItemSchema.Text("The character.")),
            ("count", ItemSchema.Number("Number of candidates, 1 to 8; 4 when left out.")), name, data);
        JsonObject anchor = ItemSchema.Of(["name", "image"],
            ("name", ItemSchema.Text("Letters, digits, - and _.")),
            ("image", ItemSchema.Text("The id of an image, or a data URL.")),
            ("role", ItemSchema.Text("Character, Object, Style, Pose, Composition, Background or Image.")),
            ("description", ItemSchema.Text("A fixed description, repeated in every prompt.")));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Images with Google's Gemini image models",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3) ?? "0",
            },
            ["paths"] = new JsonObject
            {
                ["/images"] = new JsonObject
                {
                    ["post"] = Operation("Make an image.", make),
                    ["get"] = Operation("List the images, newest last."),
                },
                ["/images/{id}"] = new JsonObject { ["get"] = Operation("Show how an image was made.", id: true) },
                ["/images/{id}/data"] = new JsonObject { ["get"] = Operation("Get the picture.", id: true) },
                ["/images/{id}/edits"] = new JsonObject { ["post"] = Operation("Change an image.", edit, id: true) },
                ["/anchors"] = new JsonObject
                {
                    ["post"] = Operation("Make an image the anchor of something to keep.", anchor),
                    ["get"] = Operation("List the anchors."),
                },
                ["/characters"] = new JsonObject
                {
                    ["post"] = Operation("Make candidates to choose from.", candidates),
                },
                ["/models"] = new JsonObject { ["get"] = Operation("List the models.") },
                ["/usage"] = new JsonObject { ["get"] = Operation("Show what was spent.") },
            },
        };
    }

    private static JsonObject Operation(string summary, JsonObject? body = null, bool id = false)
    {
        var operation = new JsonObject { ["summary"] = summary };
        if (id)
        {
            operation["parameters"] = new JsonArray(new JsonObject
            {
                ["name"] = "id",
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            });
        }
        if (body is not null)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = body },
                },
            };
        }
        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "Done." },
            ["default"] = new JsonObject
            {
                ["description"] = "What is wrong: error, id, advice, mayHaveBeenBilled, cost.",
            },
        };
        return operation;
    }
}
