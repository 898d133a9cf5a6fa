using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>Errors as answers.</summary>
internal static class WebErrors
{
    private static readonly WordList Words = Printer.Words.With(
        typeof(WebErrors).Assembly.GetManifestResourceStream("web.words.json")!);

    /// <summary>The error for the client.</summary>
    /// <param name="e">The error.</param>
    /// <param name="workspace">The client's: the path of its folder is removed from messages.</param>
    public static JsonObject ToJson(NbException e, Workspace workspace)
    {
        JsonObject told = ErrorJson.Of(e, Words);
        foreach (string field in new[] { "error", "advice" })
        {
            told[field] = workspace.WithoutFolder($"{told[field]}");
        }
        return told;
    }

    /// <summary>The text of a notice.</summary>
    public static string Say(string text) => Words.Say(text);

    /// <summary>The HTTP status of an error.</summary>
    public static int StatusOf(NbException e) => e switch
    {
        { IsRateLimit: true } => StatusCodes.Status429TooManyRequests,
        // The client's data URL is at fault, not a file of the server.
        { ErrorId: "Nb.File.AddressUnreadable" } => StatusCodes.Status400BadRequest,
        { ErrorId: "Nb.Server.Stopping" } => StatusCodes.Status503ServiceUnavailable,
        _ when e.ErrorId.StartsWith("Nb.Budget.", StringComparison.Ordinal) => StatusCodes.Status402PaymentRequired,
        _ => e.Kind switch
        {
            NbErrorKind.InvalidArgument => StatusCodes.Status400BadRequest,
            NbErrorKind.ObjectNotFound => StatusCodes.Status404NotFound,
            NbErrorKind.ResourceExists => StatusCodes.Status409Conflict,
            NbErrorKind.InvalidResult => StatusCodes.Status422UnprocessableEntity,
            NbErrorKind.LimitsExceeded => StatusCodes.Status429TooManyRequests,
            NbErrorKind.OperationTimeout => StatusCodes.Status504GatewayTimeout,
            NbErrorKind.ResourceUnavailable => StatusCodes.Status503ServiceUnavailable,
            NbErrorKind.ReadError or NbErrorKind.WriteError => StatusCodes.Status500InternalServerError,
            // The key and the connection belong to the server, so their errors are server errors.
            _ => StatusCodes.Status502BadGateway,
        },
    };
}
