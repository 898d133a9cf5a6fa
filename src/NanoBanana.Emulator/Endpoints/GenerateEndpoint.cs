using System.Text.Json;
using NanoBanana.Emulator.Catalogue;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Rules;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>generateContent, streamGenerateContent and countTokens.</summary>
internal sealed class GenerateEndpoint(
    EmulatorOptions options, TimeProvider time, ModelsEndpoint models, Func<string, RequestMedia> resolveFile, StatisticsCounter counter)
{
    private const string Message = "GenerateContentRequest";
    private readonly Generator _generator = new(options);

    public async Task<EmulatorResponse> GenerateAsync(RequestContext context, CancellationToken cancellationToken)
    {
        JsonElement body = await context.ReadJsonAsync(options.InlineLimit, cancellationToken).ConfigureAwait(false);
        ModelEntry model = models.Find(context.Path, "generateContent");
        if (options.Latency > TimeSpan.Zero)
            await Task.Delay(options.Latency, time, cancellationToken).ConfigureAwait(false);

        GeneratedAnswer answer = Generate(model, body, context.Path.IsVertex, context.Faults, isBatch: false);
        context.Entry.IsBilled = answer.IsBilled;
        context.Entry.Images = answer.Images;
        if (context.Path.Verb != "streamGenerateContent")
        {
            return EmulatorResponse.Streamed(
                "application/json; charset=UTF-8",
                new WireText(AnswerDistorter.Distort(answer.ToBody(), context.Faults), indented: true, suffix: "\n"));
        }

        WireObject[] pieces = [.. answer.ToPieces().Select(piece => AnswerDistorter.Distort(piece, context.Faults))];
        return context.Request.Query.GetValueOrDefault("alt") == "sse"
            ? EmulatorResponse.Streamed(
                "text/event-stream", [.. pieces.Select(piece => new WireText(piece, prefix: "data: ", suffix: "\r\n\r\n"))])
            : EmulatorResponse.Streamed("application/json; charset=UTF-8", new WireText(pieces, indented: true));
    }

    /// <summary>One answer to one request body, put on the bill. Batches come in here too.</summary>
    public GeneratedAnswer Generate(ModelEntry model, JsonElement body, bool vertex, AnswerFaults faults, bool isBatch)
    {
        RequestSchema.Check(body, Message, vertex);
        GenerateRequest request = GenerateRequestReader.Read(body, resolveFile);
        RequestRules.Check(model, request, vertex);
        GeneratedAnswer answer = _generator.Generate(model, request, faults);
        if (answer.IsBilled)
            counter.Bill(model, answer, isBatch);
        return answer;
    }

    public async Task<EmulatorResponse> CountTokensAsync(RequestContext context, CancellationToken cancellationToken)
    {
        JsonElement body = await context.ReadJsonAsync(options.InlineLimit, cancellationToken).ConfigureAwait(false);
        ModelEntry model = models.Find(context.Path, "countTokens");
        JsonElement request = body.Field("generateContentRequest") ?? body;
        RequestSchema.Check(request, Message, context.Path.IsVertex);
        AnswerUsage usage = Generator.PromptUsage(model, GenerateRequestReader.Read(request, resolveFile));
        return EmulatorResponse.Json(200, new WireObject { { "totalTokens", usage.PromptText + usage.PromptImage } });
    }
}
