using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>One of the service's APIs for asking a model for pictures. Another API is another implementation, with its
/// own writer and reader.</summary>
internal interface IModelApi
{
    /// <summary>The service's name for it, such as generateContent.</summary>
    string Name { get; }

    /// <summary>The API.</summary>
    ModelApi Kind { get; }

    /// <summary>Whether an answer can be fetched by its id after the connection broke, without paying again.</summary>
    bool CanRecover { get; }

    /// <summary>What is sent for a call.</summary>
    RequestBody BodyOf(GenerateCall call);

    /// <summary>The id of the answer that ends a history, if the service still keeps it, so that the history need not
    /// be sent. Null otherwise.</summary>
    string? KeptAnswer(ImmutableArray<Turn> history, DateTimeOffset now);

    /// <summary>Whether a call failed because the service no longer has the answer it refers to. Nothing was billed,
    /// and the call may succeed with its history.</summary>
    bool HasForgotten(GenerateCall call, NbException error);

    /// <summary>Asks the model. Pictures and signatures go to the sink while they arrive.</summary>
    /// <param name="call">The request.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="scope">Accounts for the call; null for no accounting. It receives the answer's id as soon as the
    /// service sends it.</param>
    /// <param name="cancellationToken">Ends the call at once; it may have been billed all the same.</param>
    /// <exception cref="NbException">The service refused, was not reached, or gave no complete answer, and it could not
    /// be recovered.</exception>
    Task<Answer> GenerateAsync(GenerateCall call, BlobSink sink, ICallScope? scope,
        CancellationToken cancellationToken);

    /// <summary>Fetches an answer that was made before. Free.</summary>
    /// <param name="answerId">The id given to <see cref="ICallScope.OnIdentified"/>.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when this API keeps no answers, or the service says that it does not have this one.</returns>
    /// <exception cref="NbException">The service was not reached, or the answer is not complete yet.</exception>
    Task<Answer?> RecoverAsync(string answerId, BlobSink sink, CancellationToken cancellationToken);
}
