using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Gemini.Json;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>The Interactions API: the service keeps its answers under ids, which it sends before the picture is
/// made.</summary>
/// <param name="endpoint">Where the service is.</param>
/// <param name="sender">Carries the requests.</param>
/// <param name="owner">The owner of the answers: a hash of the service's address and the key.</param>
/// <param name="kept">What the connection has learned about kept answers.</param>
internal sealed class InteractionsApi(GeminiEndpoint endpoint, HttpSender sender, string owner, KeptAnswers kept)
    : IModelApi
{
    /// <summary>Its name, in the catalog and in every address.</summary>
    public const string ApiName = "interactions";

    // How long the paid tier keeps answers, less an hour. On the free tier (one day) a request fails and is sent with
    // its history.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(55) - TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public string Name => ApiName;

    public ModelApi Kind => ModelApi.Interactions;

    public bool CanRecover => !sender.Options.NoStore;

    public string? KeptAnswer(ImmutableArray<Turn> history, DateTimeOffset now) =>
        CanRecover && history is [.., { Role: Turn.Model, Provenance: { ResponseId: { } id, KeptFor: { } keeper } at }]
            && keeper == owner && now - at.CreatedAt < Retention && !kept.IsForgotten(id)
            ? id : null;

    public RequestBody BodyOf(GenerateCall call)
    {
        call = GenerateContentApi.Wired(call, endpoint, sender.Options);
        return InteractionWriter.Write(call, MayRunInBackground(call));
    }

    public bool HasForgotten(GenerateCall call, NbException error)
    {
        if (call.PreviousAnswer is not { } id || error.IsUncertain || error.HttpStatus is not (400 or 403 or 404))
        {
            return false;
        }
        // A 404 may also be about the model; then the next try fails with it again.
        bool isMeant = error.HttpStatus == 404 || error.Message.Contains(id, StringComparison.Ordinal)
            || error.Message.Contains("previous_interaction", StringComparison.Ordinal);
        if (isMeant) kept.Forget(id);
        return isMeant;
    }

    public async Task<Answer> GenerateAsync(GenerateCall call, BlobSink sink, ICallScope? scope,
        CancellationToken cancellationToken)
    {
        call = GenerateContentApi.Wired(call, endpoint, sender.Options);
        bool inBackground = MayRunInBackground(call);
        try
        {
            return await SendAsync(call, inBackground, sink, scope, cancellationToken).ConfigureAwait(false);
        }
        catch (NbException e) when (inBackground && e is { HttpStatus: 400, IsUncertain: false }
            && e.Message.Contains("background", StringComparison.OrdinalIgnoreCase))
        {
            kept.IsBackgroundRefused = true;
            return await SendAsync(call, inBackground: false, sink, scope, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<Answer?> RecoverAsync(string answerId, BlobSink sink, CancellationToken cancellationToken)
    {
        DateTimeOffset until = sender.Options.TimeProvider.GetUtcNow() + sender.Options.Timeout;
        for (TimeSpan wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            InteractionResult result;
            try
            {
                result = await FetchAsync(answerId, sink, cancellationToken).ConfigureAwait(false);
            }
            catch (NbException e) when (e.HttpStatus == 404)
            {
                return null;
            }
            catch (NbException e)
            {
                throw AnswerErrors.NotFetched(answerId, e);
            }
            if (result.Failure is { } failure) throw failure;
            if (!result.IsRunning) return Kept(result.Answer!, answerId);
            if (sender.Options.TimeProvider.GetUtcNow() + wait > until) throw AnswerErrors.NotReady(answerId);
            await Task.Delay(wait, sender.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool MayRunInBackground(GenerateCall call) => !call.NoStore && !kept.IsBackgroundRefused;

    private async Task<Answer> SendAsync(
        GenerateCall call, bool inBackground, BlobSink sink, ICallScope? scope, CancellationToken cancellationToken)
    {
        RequestBody body = InteractionWriter.Write(call, inBackground);
        string? id = null;
        var request = new WireRequest(HttpMethod.Post, endpoint.Resource(ApiName))
        {
            Model = call.Model,
            Timeout = call.Timeout,
            Content = () =>
            {
                id = null;
                return new RequestContent(body);
            },
            Headers = Revision,
            MayBeBilled = true,
            Scope = scope,
            IsRecoverable = () => id is not null,
        };
        try
        {
            InteractionResult result = await sender.SendAsync(
                request, (response, token) => ReadAsync(response, sink, isFree: false, Identified, token),
                cancellationToken).ConfigureAwait(false);
            if (result.IsCut)
            {
                return await WholeOrArrivedAsync(result.Answer!, id, sink, scope, cancellationToken)
                    .ConfigureAwait(false);
            }
            if (!result.IsRunning) return call.NoStore ? result.Answer! : Kept(result.Answer!, id);
        }
        catch (NbException e) when (e.IsUncertain && call.NoStore)
        {
            throw AnswerErrors.NotKept(e);
        }
        catch (NbException e) when (e.IsUncertain && id is not null)
        {
            // Only the connection broke; the service still makes the answer.
            return await RecoverAsync(id, e, sink, scope, cancellationToken).ConfigureAwait(false);
        }
        return await RecoverAsync(id ?? throw AnswerErrors.Truncated(), AnswerErrors.NotReady(id), sink, scope,
            cancellationToken).ConfigureAwait(false);

        void Identified(string answerId)
        {
            // An answer that is not kept cannot be fetched.
            if (call.NoStore) return;
            id = answerId;
            try
            {
                scope?.OnIdentified(answerId);
            }
            catch (NbException)
            {
                // The id could not be recorded, but the answer may still arrive.
            }
        }
    }

    // The stored answer also has what the model said after the picture.
    private async Task<Answer> WholeOrArrivedAsync(
        Answer arrived, string? id, BlobSink sink, ICallScope? scope, CancellationToken cancellationToken)
    {
        if (id is null) return arrived;
        try
        {
            return await RecoverAsync(id, AnswerErrors.Truncated(), sink, scope, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is NbException or OperationCanceledException)
        {
            return Kept(arrived, id);
        }
    }

    private async Task<Answer> RecoverAsync(
        string id, NbException lost, BlobSink sink, ICallScope? scope, CancellationToken cancellationToken)
    {
        Answer? answer = await RecoverAsync(id, sink, cancellationToken).ConfigureAwait(false);
        if (answer is null) throw lost;
        scope?.OnAnswered();
        return answer;
    }

    private Task<InteractionResult> FetchAsync(string id, BlobSink sink, CancellationToken cancellationToken) =>
        sender.SendAsync(
            new WireRequest(HttpMethod.Get, endpoint.Resource($"{ApiName}/{id}")) { Headers = Revision },
            (response, token) => ReadAsync(response, sink, isFree: true, _ => { }, token), cancellationToken);

    private static async Task<InteractionResult> ReadAsync(HttpResponseMessage response, BlobSink sink, bool isFree,
        Action<string> onIdentified, CancellationToken cancellationToken)
    {
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            InteractionResult result = await InteractionReader.ReadAsync(
                stream, sink, isFree, onIdentified, cancellationToken).ConfigureAwait(false);
            return result.Failure is { } failure && !isFree ? throw failure : result;
        }
    }

    private Answer Kept(Answer answer, string? id) =>
        answer with { KeptFor = owner, ResponseId = answer.ResponseId ?? id };

    // The older version of the API needs the revision in a header.
    private (string Name, string Value)[] Revision =>
        endpoint.ApiVersion.StartsWith("v1beta", StringComparison.Ordinal) ? [("Api-Revision", "2026-05-20")] : [];
}
