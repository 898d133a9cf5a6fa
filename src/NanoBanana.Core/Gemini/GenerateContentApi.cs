using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>The API that every model and both services support: <c>generateContent</c>. The service keeps no answers,
/// so none can be recovered.</summary>
internal sealed class GenerateContentApi(GeminiEndpoint endpoint, HttpSender sender) : IModelApi
{
    /// <summary>The API's name in data files.</summary>
    public const string ApiName = "generateContent";

    public string Name => ApiName;

    public ModelApi Kind => ModelApi.GenerateContent;

    public bool CanRecover => false;

    public RequestBody BodyOf(GenerateCall call) => RequestWriter.Write(Wired(call, endpoint, sender.Options));

    public string? KeptAnswer(ImmutableArray<Turn> history, DateTimeOffset now) => null;

    public bool HasForgotten(GenerateCall call, NbException error) => false;

    public async Task<Answer> GenerateAsync(GenerateCall call, BlobSink sink, ICallScope? scope,
        CancellationToken cancellationToken)
    {
        RequestBody body = RequestWriter.Write(Wired(call, endpoint, sender.Options));
        var request = new WireRequest(HttpMethod.Post, endpoint.Method(call.Model, "generateContent"))
        {
            Model = call.Model,
            Timeout = call.Timeout,
            Content = () => new RequestContent(body),
            MayBeBilled = true,
            Scope = scope,
        };
        return await sender.SendAsync(
            request,
            async (response, token) =>
            {
                Stream stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    return await AnswerReader.ReadAsync(stream, sink, token).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public Task<Answer?> RecoverAsync(string answerId, BlobSink sink, CancellationToken cancellationToken) =>
        Task.FromResult<Answer?>(null);

    /// <summary>A call with the connection's settings added.</summary>
    internal static GenerateCall Wired(GenerateCall call, GeminiEndpoint endpoint, GeminiClientOptions options) =>
        call with { NoStore = (call.NoStore || options.NoStore) && !endpoint.IsVertex };
}
