using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>The routes: images, edits, anchors, characters, costs.</summary>
/// <param name="workspaceOf">The folder and budget of a client; null for the server's own.</param>
/// <param name="defaults">Defaults for new images.</param>
internal sealed class WebRoutes(Func<WebClient?, Workspace> workspaceOf, RequestOptions defaults)
{
    private const int MostCandidates = 8;
    private const int UsualCandidates = 4;
    private const int MostListed = 200;

    // Fields that are not part of the request to the model.
    private static readonly string[] OfRoute = ["data", "dryRun"];

    /// <summary>Adds the routes to a server.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/images", Answering((context, fields) => MakeAsync(context, fields, source: null)));
        app.MapGet("/images", Answering((context, _) => Task.FromResult(Listed(context))));
        app.MapGet("/images/{id}", Answering((context, _) => Task.FromResult(Shown(context))));
        app.MapGet("/images/{id}/data", SendPictureAsync);
        app.MapPost("/images/{id}/edits",
            Answering((context, fields) => MakeAsync(context, fields, WorkspaceOf(context).Find(IdOf(context)))));
        app.MapPost("/anchors", Answering((context, fields) =>
            Task.FromResult(WorkspaceJson.Of(WorkspaceOf(context).SetAnchor(fields)))));
        app.MapGet("/anchors", Answering((context, _) =>
            Task.FromResult(WorkspaceJson.AnchorsOf(WorkspaceOf(context)))));
        app.MapPost("/characters", Answering((context, fields) => MakeCandidatesAsync(context, fields)));
        app.MapGet("/models", Answering((context, _) => Task.FromResult(Models(context))));
        app.MapGet("/usage", Answering((context, _) => Task.FromResult(Usage(context))));
        app.MapGet("/openapi.json", Answering((context, _) =>
            Task.FromResult(OpenApiDocument.Of(WorkspaceOf(context).Service.Catalog))));
    }

    private Workspace WorkspaceOf(HttpContext context) => workspaceOf(WebAccess.ClientOf(context));

    private static string IdOf(HttpContext context) => $"{context.Request.RouteValues["id"]}";

    // Every route: reads the body, answers with JSON or events, and turns errors into answers.
    private RequestDelegate Answering(
        Func<HttpContext, IReadOnlyList<KeyValuePair<string, JsonElement>>, Task<JsonObject>> answer) =>
        context => AnswerAsync(context, answer);

    private async Task AnswerAsync(HttpContext context,
        Func<HttpContext, IReadOnlyList<KeyValuePair<string, JsonElement>>, Task<JsonObject>> answer)
    {
        bool isStream = context.Request.Headers.Accept.ToString()
            .Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
        try
        {
            if (HttpMethods.IsPost(context.Request.Method) && context.Request.QueryString.HasValue)
            {
                throw new NbException("Nb.Request.UnknownField", NbErrorKind.InvalidArgument,
                    "The address has fields, but fields are read only from the body.",
                    "Put them into the body. Nothing was sent.");
            }
            var fields = HttpMethods.IsPost(context.Request.Method)
                ? await WebBody.ReadAsync(context.Request).ConfigureAwait(false) : [];
            JsonObject told = isStream ? await WebStream.RunAsync(context, () => answer(context, fields))
                .ConfigureAwait(false) : await answer(context, fields).ConfigureAwait(false);
            if (isStream) await context.Response.WriteEventAsync("result", told).ConfigureAwait(false);
            else await context.Response.WriteJsonAsync(told).ConfigureAwait(false);
        }
        catch (NbException e)
        {
            JsonObject told = WebErrors.ToJson(e, WorkspaceOf(context));
            if (context.Response.HasStarted)
            {
                await context.Response.WriteEventAsync("error", told).ConfigureAwait(false);
                return;
            }
            context.Response.StatusCode = WebErrors.StatusOf(e);
            await context.Response.WriteJsonAsync(told).ConfigureAwait(false);
        }
    }

    private async Task<JsonObject> MakeAsync(
        HttpContext context, IReadOnlyList<KeyValuePair<string, JsonElement>> fields, NbImage? source)
    {
        Workspace workspace = WorkspaceOf(context);
        bool withData = JsonFields.Flag(fields, "data") != false;
        var asked = WorkRequest.Read(fields, isEdit: source is not null, OfRoute);
        string? name = asked.FileName();
        PreparedRequest request = asked.Prepare(workspace, source, defaults);
        if (JsonFields.Flag(fields, "dryRun") == true)
        {
            return WorkspaceJson.PlanOf(workspace, asked, request);
        }
        Action<string> tell = WebStream.TellerOf(context);
        MadeImages made = await workspace.MakeAsync(request, name, text => tell(workspace.WithoutFolder(text)),
            context.RequestAborted).ConfigureAwait(false);
        ImmutableArray<NbImage> images = made.Images;
        JsonObject told = Described(images[0], withData);
        made.AddTo(told, asked.Warnings, workspace.WithoutFolder);
        if (images.Length > 1)
        {
            told["others"] = new JsonArray(
                [.. images.Skip(1).Select(image => (JsonNode)Described(image, withData: false))]);
        }
        return told;
    }

    private async Task<JsonObject> MakeCandidatesAsync(
        HttpContext context, IReadOnlyList<KeyValuePair<string, JsonElement>> fields)
    {
        int count = JsonFields.Number(fields, "count", 1, MostCandidates) ?? UsualCandidates;
        var request = fields.Where(field => field.Key != "count").ToArray();
        // Errors that affect all of them are reported once, before any is made.
        WorkRequest.Read(request, isEdit: false, [.. OfRoute, "count"])
            .Prepare(WorkspaceOf(context), source: null, defaults);
        (JsonObject Told, NbException? Error)[] made = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            try
            {
                return (await MakeAsync(context, request, source: null).ConfigureAwait(false), (NbException?)null);
            }
            catch (NbException e)
            {
                return (WebErrors.ToJson(e, WorkspaceOf(context)), e);
            }
        })).ConfigureAwait(false);
        if (made.All(one => one.Error is not null)) throw made[0].Error!;
        return new JsonObject { ["candidates"] = new JsonArray([.. made.Select(one => one.Told)]) };
    }

    private JsonObject Listed(HttpContext context) => new()
    {
        ["images"] = new JsonArray([.. WorkspaceOf(context).Latest(MostListed)
            .Select(image => (JsonNode)Described(image, withData: false))]),
    };

    private JsonObject Shown(HttpContext context)
    {
        NbImage image = WorkspaceOf(context).Find(IdOf(context));
        JsonObject told = Described(image, withData: false);
        told["turns"] = WorkspaceJson.TurnsOf(image);
        return told;
    }

    private async Task SendPictureAsync(HttpContext context)
    {
        NbImage image;
        try
        {
            image = WorkspaceOf(context).Find(IdOf(context));
        }
        catch (NbException e)
        {
            context.Response.StatusCode = WebErrors.StatusOf(e);
            await context.Response.WriteJsonAsync(WebErrors.ToJson(e, WorkspaceOf(context))).ConfigureAwait(false);
            return;
        }
        context.Response.ContentType = image.MimeType;
        context.Response.ContentLength = image.Length;
        Stream picture = image.Data.OpenRead();
        await using (picture.ConfigureAwait(false))
        {
            await picture.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private JsonObject Models(HttpContext context)
    {
        ModelCatalog catalog = WorkspaceOf(context).Service.Catalog;
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return new JsonObject
        {
            ["default"] = catalog.DefaultModel,
            ["models"] = new JsonArray([.. catalog.Models.Where(model => !model.IsRetiredOn(today))
                .Select(model => (JsonNode)new JsonObject
                {
                    ["id"] = model.Id,
                    ["name"] = model.Name,
                    ["sizes"] = WorkspaceJson.Texts(model.Sizes),
                    ["aspectRatios"] = WorkspaceJson.Texts(model.Ratios),
                })]),
        };
    }

    private JsonObject Usage(HttpContext context)
    {
        Budget budget = WorkspaceOf(context).Budget;
        return new JsonObject
        {
            ["spent"] = budget.Spent,
            ["limit"] = budget.Limit,
            ["left"] = budget.Left,
        };
    }

    // The documented fields of the route, and all others known.
    private static JsonObject Described(NbImage image, bool withData)
    {
        string id = Path.GetFileName(image.Path!);
        string address = $"/images/{Uri.EscapeDataString(id)}/data";
        string? data = withData ? Convert.ToBase64String(image.Data.ToArray()) : null;
        var picture = new JsonObject { ["mimeType"] = image.MimeType };
        if (data is not null) picture["data"] = data;
        picture["url"] = data is null ? address : $"data:{image.MimeType};base64,{data}";
        return new JsonObject
        {
            ["image"] = picture,
            ["id"] = id,
            ["location"] = address,
            ["prompt"] = image.Prompt,
            ["text"] = SafeText.Of(image.Text),
            ["model"] = image.Model,
            ["width"] = image.Width,
            ["height"] = image.Height,
            ["anchors"] = WorkspaceJson.Texts(image.Anchors),
            ["cost"] = image.Cost,
            ["verdict"] = VerdictJson.Of(image.Verdict),
        };
    }
}
