using System.Runtime.CompilerServices;
using System.Text.Json;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>Reads a batch's result file as a stream. Each line is a JSON document of 5 to 10 MB, and no whole line is
/// ever held in memory.</summary>
internal static class BatchResultReader
{
    /// <summary>Reads results in the order of the file. A broken line gives an error for that line, and reading
    /// continues.</summary>
    /// <param name="lines">The file's bytes; the caller disposes the stream.</param>
    /// <param name="sink">Where images and signatures go.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NbException">The stream broke off (Nb.Service.DownloadBroken).</exception>
    public static IAsyncEnumerable<BatchResult> ReadAsync(Stream lines, BlobSink sink,
        CancellationToken cancellationToken = default) =>
        ReadAsync(lines, (_, _) => sink, cancellationToken);

    /// <summary>Reads results with a sink for each, chosen by its number, and by its key if that comes before the
    /// answer.</summary>
    internal static async IAsyncEnumerable<BatchResult> ReadAsync(
        Stream lines, Func<int, string?, BlobSink> sinkOf,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var json = new JsonStreamReader(new ResultLines(lines), lines: true) { IsDownload = true };
        for (int index = 0; await json.NextLineAsync(cancellationToken).ConfigureAwait(false); index++)
        {
            yield return await ReadLineAsync(json, sinkOf, index, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads results that are elements of a document as if they were lines of a file.</summary>
    internal static IAsyncEnumerable<BatchResult> ReadAsync(
        IEnumerable<JsonElement> results, Func<int, string?, BlobSink> sinkOf,
            CancellationToken cancellationToken = default)
    {
        var lines = new MemoryStream();
        foreach (JsonElement result in results)
        {
            // Not indented, so each takes one line.
            using (var writer = new Utf8JsonWriter(lines)) result.WriteTo(writer);
            lines.WriteByte((byte)'\n');
        }
        lines.Position = 0;
        return ReadAsync(lines, sinkOf, cancellationToken);
    }

    private static async Task<BatchResult> ReadLineAsync(
        JsonStreamReader json, Func<int, string?, BlobSink> sinkOf, int index, CancellationToken cancellationToken)
    {
        var result = new BatchResult { Index = index };
        JsonElement? error = null;
        int wrapped = 0;
        try
        {
            if (await json.PeekAsync(cancellationToken).ConfigureAwait(false) != '{')
            {
                throw AnswerErrors.NotJson(json.Preview());
            }
            await json.ReadAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                if (!await json.NextFieldAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (wrapped-- == 0) break;
                    continue;
                }
                string name = json.GetString();
                byte first = await json.PeekAsync(cancellationToken).ConfigureAwait(false);
                if (name is "result" && first == '{')
                {
                    await json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    wrapped++;
                }
                else if (name is "key" or "custom_id" or "customId" && first == '"')
                {
                    string? key = await json.ReadStringAsync(cancellationToken).ConfigureAwait(false);
                    result = result with { Key = name == "key" ? key : result.Key ?? key };
                }
                else if (name == "metadata" && first == '{')
                {
                    JsonElement metadata = await json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                    result = result with { Key = result.Key ?? metadata.Field("key")?.Text() };
                }
                else if (name == "response" && first == '{')
                {
                    await json.ReadAsync(cancellationToken).ConfigureAwait(false);
                    Answer answer =
                        await AnswerReader.ReadObjectAsync(json, sinkOf(index, result.Key), cancellationToken)
                        .ConfigureAwait(false);
                    result = result with { Answer = answer };
                }
                else if (name == "error" && first != 'n')
                {
                    error = await json.CaptureAsync(cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await json.SkipAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            if (error is null && result.Answer is null)
            {
                throw AnswerErrors.Malformed("a line of results has neither 'response' nor 'error'");
            }
            result = result with { IsUnreadable = error is null && !AnswerReader.IsUnderstood(result.Answer!) };
        }
        catch (NbException e) when (e.ErrorId != AnswerErrors.DownloadBrokenId)
        {
            return result with { Answer = null, Error = e, IsUnreadable = true };
        }
        catch (Exception e)
            when (e is JsonException or FormatException or OverflowException or InvalidOperationException
            or ArgumentException)
        {
            // An unreadable line affects only one item.
            return result with { Answer = null, Error = AnswerErrors.Malformed(e.Message, e), IsUnreadable = true };
        }
        return result.Answer is null
            ? result with { Error = ServiceErrors.From(ServiceError.FromElement(error!.Value)) } : result;
    }
}
