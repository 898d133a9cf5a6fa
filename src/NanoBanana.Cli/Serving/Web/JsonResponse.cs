using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>JSON as answers.</summary>
internal static class JsonResponse
{
    /// <summary>Writes an object as the whole answer.</summary>
    public static Task WriteJsonAsync(this HttpResponse response, JsonObject json)
    {
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(WorkspaceJson.Written(json));
    }

    /// <summary>Writes an error of the server itself as the whole answer.</summary>
    public static Task WriteErrorAsync(
        this HttpResponse response, int status, string id, string message, string advice)
    {
        response.StatusCode = status;
        return response.WriteJsonAsync(new JsonObject { ["error"] = message, ["id"] = id, ["advice"] = advice });
    }

    /// <summary>Writes an object as a server-sent event.</summary>
    public static async Task WriteEventAsync(this HttpResponse response, string name, JsonObject json)
    {
        await response.WriteAsync($"event: {name}\ndata: {WorkspaceJson.Written(json)}\n\n", Encoding.UTF8)
            .ConfigureAwait(false);
        await response.Body.FlushAsync().ConfigureAwait(false);
    }
}
