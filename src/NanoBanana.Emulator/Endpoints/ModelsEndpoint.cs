using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>models.list and models.get.</summary>
internal sealed class ModelsEndpoint(ModelCatalog catalog)
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;
    private static readonly string[] Methods = ["generateContent", "countTokens", "batchGenerateContent"];

    public EmulatorResponse List(RequestContext context)
    {
        ModelEntry[] models = [.. catalog.All.Where(model => !model.Retired)];
        (IEnumerable<ModelEntry> page, string? next) =
            Paging.Page(models, context.Request, DefaultPageSize, MaxPageSize);
        WireObject body =
            new() { { context.Path.IsVertex ? "publisherModels"
            : "models", page.Select(model => ToWire(model, context.Path)).ToArray() } };
        body.AddIfAny("nextPageToken", next);
        return EmulatorResponse.Json(200, body);
    }

    public EmulatorResponse Get(RequestContext context) =>
        EmulatorResponse.Json(200, ToWire(Find(context.Path, "generateContent"), context.Path));

    /// <summary>The model of the path, or the service's 404.</summary>
    public ModelEntry Find(ApiPath path, string method) => Find(path.Id ?? "", path, method);

    /// <summary>The model of that id, or the service's 404.</summary>
    public ModelEntry Find(string id, ApiPath path, string method)
    {
        if (catalog.Find(id) is { Retired: false } model) return model;
        throw ServiceException.NotFound(path.IsVertex
            ? $"Publisher Model `{path.Parent}/publishers/google/models/{id}` was not found or your project does not have access "
                + "to it. Please ensure you are using a valid model version. For more information, see: "
                + "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions"
            : $"models/{id} is not found for API version {path.Version}, or is not supported for {method}. "
                + "Call ListModels to see the list of available models and their supported methods.");
    }

    private static WireObject ToWire(ModelEntry model, ApiPath path)
    {
        WireObject wire = new()
        {
            { "name", $"{(path.IsVertex ? "publishers/google/" : "")}models/{model.Id}" },
            { "version", "001" },
            { "displayName", model.Name },
            { "description", $"The emulator's {model.Name}." },
            { "inputTokenLimit", 131072 },
            { "outputTokenLimit", 32768 },
            { "supportedGenerationMethods", Methods },
            { "temperature", 1 },
            { "topP", 0.95 },
            { "topK", 64 },
            { "maxTemperature", 2 },
        };
        if (model.Thinks) wire.Add("thinking", true);
        return wire;
    }
}
