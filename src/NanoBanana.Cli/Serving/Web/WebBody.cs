using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>Bodies of requests: JSON, or a form with files.</summary>
internal static class WebBody
{
    private const int MostFields = 64;

    // The whole body is limited elsewhere.
    private static readonly FormOptions Whole = new()
    {
        ValueLengthLimit = int.MaxValue, MultipartBodyLengthLimit = long.MaxValue,
    };

    /// <summary>The fields of a body.</summary>
    /// <exception cref="NbException">It is neither JSON nor a form, or cannot be read.</exception>
    public static async Task<IReadOnlyList<KeyValuePair<string, JsonElement>>> ReadAsync(HttpRequest request)
    {
        if (request.HasFormContentType) return await ReadFormAsync(request).ConfigureAwait(false);
        if (!request.HasJsonContentType())
        {
            throw new NbException("Nb.Request.BodyUnreadable", NbErrorKind.InvalidArgument,
                "The request is not JSON.", "Send Content-Type: application/json, or a form with files.");
        }
        try
        {
            using JsonDocument document = await JsonDocument
                .ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).ConfigureAwait(false);
            return JsonFields.Of(document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new NbException("Nb.Request.BodyUnreadable", NbErrorKind.InvalidArgument,
                $"The request is not JSON: {SafeText.Of(e.Message)}", "Correct it. Nothing was sent.", e);
        }
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, JsonElement>>> ReadFormAsync(HttpRequest request)
    {
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(Whole, request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new NbException("Nb.Request.BodyUnreadable", NbErrorKind.InvalidArgument,
                "The form cannot be read.", "Send multipart/form-data. Nothing was sent to the service.", e);
        }
        var fields = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach ((string name, var values) in form) Add(name, values!);
        foreach (IFormFile file in form.Files)
        {
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, request.HttpContext.RequestAborted).ConfigureAwait(false);
            string data = Convert.ToBase64String(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            Add(file.Name, [$"data:application/octet-stream;base64,{data}"]);
        }
        return [.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value.Count == 1
            ? JsonSerializer.SerializeToElement(field.Value[0], WebJson.Default.String)
            : JsonSerializer.SerializeToElement(field.Value, WebJson.Default.ListString)))];

        void Add(string name, IEnumerable<string?> values)
        {
            if (!fields.TryGetValue(name, out List<string>? all)) fields.Add(name, all = []);
            all.AddRange(values.OfType<string>());
            if (fields.Count > MostFields)
            {
                throw new NbException("Nb.Request.BodyUnreadable", NbErrorKind.InvalidArgument,
                    "The form has too many fields.", $"It may have {MostFields}.");
            }
        }
    }
}
