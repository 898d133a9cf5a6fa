using System.Runtime.CompilerServices;
using System.Text.Json;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini;

public sealed partial class GeminiClient
{
    private const int PageSize = 100;

    /// <summary>The available models, page by page. Free.</summary>
    /// <exception cref="NbException">The service refused or was not reached.</exception>
    public IAsyncEnumerable<GeminiModel> ListModelsAsync(CancellationToken cancellationToken = default) =>
        PagesAsync(
            token => Endpoint.Models(PageSize, token), ["models", "publisherModels"], GeminiModel.FromJson,
                cancellationToken);

    /// <summary>Checks that one model is available. Free.</summary>
    /// <exception cref="NbException">Nb.Service.ModelNotFound when it is not.</exception>
    internal async Task<GeminiModel> GetModelAsync(string model, CancellationToken cancellationToken = default)
    {
        var request = new WireRequest(HttpMethod.Get, Endpoint.Model(model)) { Model = model };
        JsonElement json = await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
        return GeminiModel.FromJson(json) ?? throw AnswerErrors.Unexpected("model");
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(
        Func<string?, Uri> pageAt,
        string[] fields,
        Func<JsonElement, T?> parse,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        string? token = null;
        do
        {
            var request = new WireRequest(HttpMethod.Get, pageAt(token));
            JsonElement page = await _sender.SendForJsonAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (JsonElement item in fields.SelectMany(field => page.ItemsOf(field)))
            {
                if (parse(item) is { } parsed) yield return parsed;
            }
            string? next = page.TextOf("nextPageToken");
            // Guards against a service that returns the same page forever.
            token = next == token ? null : next;
        }
        while (!string.IsNullOrEmpty(token));
    }
}
