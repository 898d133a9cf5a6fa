using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>Errors as answers.</summary>
internal static class WebErrors
{
    private static readonly WordList Words = Printer.Words.With(
        typeof(WebErrors).Assembly.GetManifestResourceStream("web.words.json")!);

    /// <summary>What the client is told.</summary>
    /// <param name="e">The error.</param>
    /// <param name="folder">Full path of the client's folder: where it lies is nothing to strangers.</param>
    public static JsonObject ToJson(NbException e, string folder)
    {
        JsonObject told = ErrorJson.Of(e, Words);
        foreach (string field in new[] { "error", "advice" })
        {
            told[field] = $"{told[field]}"
                .Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                .Replace(folder, ".", StringComparison.Ordinal);
        }
        return told;
    }

    /// <summary>The text of a notice.</summary>
    public static string Say(string text) => Words.Say(text);

    /// <summary>The status that says whose fault it is.</summary>
    public static int StatusOf(NbException e) => e switch
    {
        { IsRateLimit: true } => StatusCodes.Status429TooManyRequests,
        // A data URL of the client's: nothing here could not be read.
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
            // The key is the server's, and so is what stands between it and the service.
            _ => StatusCodes.Status502BadGateway,
        },
    };
}
