using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>What options are checked against.</summary>
/// <param name="Model">The model that is asked.</param>
/// <param name="Catalog">The models and tools there are.</param>
/// <param name="Api">Name of the API in use.</param>
/// <param name="IsVertex">Whether the service is Vertex AI.</param>
internal sealed record OptionContext(ModelInfo Model, ModelCatalog Catalog, string Api, bool IsVertex);
