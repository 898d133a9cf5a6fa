using System.Text.Json;
using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Rules;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>generateContent, streamGenerateContent and countTokens.</summary>
internal sealed class GenerateEndpoint(
    EmulatorOptions options, TimeProvider time, ModelsEndpoint models, Func<string, RequestMedia> resolveFile,
        LinkedPictures links,
    StatisticsCounter counter)
{
    private const string Message = "GenerateContentRequest";
    private readonly Generator _generator = new(options, links);

    public async Task<EmulatorResponse> GenerateAsync(RequestContext context, CancellationToken cancellationToken)
    {
        JsonElement body = await context.ReadJsonAsync(options.InlineLimit, cancellationToken).ConfigureAwait(false);
        ModelEntry model = models.Find(context.Path, "generateContent");
        if (options.Latency > TimeSpan.Zero)
        {
            await Task.Delay(options.Latency, time, cancellationToken).ConfigureAwait(false);
        }

        RequestSchema.Check(body, Message, context.Path.IsVertex);
        GenerateRequest request = GenerateRequestReader.Read(body, Resolver(context.Faults));
        context.Entry.Store = request.Store;
        if (MarkedAnswer(context, request, model) is { } refused) return refused;

        AnswerFaults faults = context.Faults;
        GeneratedAnswer answer = Generate(model, request, context.Path.IsVertex, faults, isBatch: false);
        context.Entry.IsBilled = answer.IsBilled;
        context.Entry.ImageHashes = answer.ImageHashes;
        if (context.Path.Verb != "streamGenerateContent")
        {
            return AnswerWriter.Whole(AnswerDistorter.Distort(answer.ToBody(), faults), faults.Framing);
        }

        WireObject[] pieces = [.. answer.ToPieces().Select(piece => AnswerDistorter.Distort(piece, faults))];
        return context.Request.Query.GetValueOrDefault("alt") == "sse"
            ? AnswerWriter.Stream(pieces, faults.Framing)
            : EmulatorResponse.Streamed("application/json; charset=UTF-8", new WireText(pieces, indented: true));
    }

    /// <summary>The billed answer to one item of a batch.</summary>
    public WireObject GenerateItem(ModelEntry model, JsonElement body, AnswerFaults faults)
    {
        RequestSchema.Check(body, Message, vertex: false);
        GenerateRequest request = GenerateRequestReader.Read(body, Resolver(faults));
        if (MarkedFault.In(request, model) is { } marked)
        {
            counter.CountFault(marked.Name);
            faults = faults.With([marked]);
        }

        return AnswerDistorter.Distort(Generate(model, request, vertex: false, faults, isBatch: true).ToBody(), faults);
    }

    private GeneratedAnswer Generate(ModelEntry model, GenerateRequest request, bool vertex, AnswerFaults faults,
        bool isBatch)
    {
        RequestRules.Check(model, request, vertex);
        return Draw(model, request, faults, isBatch);
    }

    /// <summary>The billed answer to a request that passed the rules.</summary>
    public GeneratedAnswer Draw(ModelEntry model, GenerateRequest request, AnswerFaults faults, bool isBatch)
    {
        GeneratedAnswer answer = _generator.Generate(model, request, faults);
        if (answer.IsBilled) counter.Bill(model, answer, isBatch, request.ServiceTier);
        return answer;
    }

    /// <summary>Applies the fault that the prompt asks for.</summary>
    /// <returns>The error it answers with, if it is of that kind.</returns>
    public EmulatorResponse? MarkedAnswer(RequestContext context, GenerateRequest request, ModelEntry model)
    {
        if (MarkedFault.In(request, model) is not { } marked) return null;
        context.Add(marked);
        counter.CountFault(marked.Name);
        return ErrorFaults.IsLate(marked) ? null : ErrorFaults.Answer(marked, context.Request);
    }

    /// <summary>Finds uploaded files; some gateways accept uploads but do not allow their use.</summary>
    public Func<string, RequestMedia> Resolver(AnswerFaults faults) => faults.RefusesFileData
        ? uri => throw FileStore.Denied(uri[(uri.LastIndexOf('/') + 1)..])
        : resolveFile;

    public async Task<EmulatorResponse> CountTokensAsync(RequestContext context, CancellationToken cancellationToken)
    {
        JsonElement body = await context.ReadJsonAsync(options.InlineLimit, cancellationToken).ConfigureAwait(false);
        ModelEntry model = models.Find(context.Path, "countTokens");
        JsonElement request = body.Field("generateContentRequest") ?? body;
        RequestSchema.Check(request, Message, context.Path.IsVertex);
        AnswerUsage usage = Generator.PromptUsage(model, GenerateRequestReader.Read(request, resolveFile));
        return EmulatorResponse.Json(200, new WireObject { { "totalTokens", usage.Prompt } });
    }
}
