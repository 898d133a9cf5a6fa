using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini.Http;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>One of the service's ways to ask a model for pictures. Another way is another class like this one, with its
/// own writer and reader.</summary>
internal interface IModelApi
{
    /// <summary>What the service calls it, such as generateContent.</summary>
    string Name { get; }

    /// <summary>Which one it is.</summary>
    ModelApi Kind { get; }

    /// <summary>Whether an answer can be fetched by its id after the connection broke, without being paid
    /// again.</summary>
    bool CanRecover { get; }

    /// <summary>The id of the answer that ends a history, where the service still keeps it: then the history itself
    /// need not be sent. Null otherwise.</summary>
    string? KeptAnswer(ImmutableArray<Turn> history, DateTimeOffset now);

    /// <summary>After a failed call: whether the service no longer has the answer that the call names. Sent with its
    /// history, it may succeed; nothing was billed.</summary>
    bool HasForgotten(GenerateCall call, NbException error);

    /// <summary>Has the model answer. Pictures and signatures go to the sink while they arrive.</summary>
    /// <param name="call">What to ask.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="scope">Keeps the account of the call; null for no account. It is told the answer's id as soon as
    /// the service names it.</param>
    /// <param name="cancellationToken">Ends the call at once; it may have been billed all the same.</param>
    /// <exception cref="NbException">The service refused, was not reached, or gave no whole answer, and it could not be
    /// recovered either.</exception>
    Task<Answer> GenerateAsync(GenerateCall call, BlobSink sink, ICallScope? scope,
        CancellationToken cancellationToken);

    /// <summary>Fetches an answer that was made before. Free.</summary>
    /// <param name="answerId">As <see cref="ICallScope.OnIdentified"/> was told it.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when this way keeps no answers, or the service says that it does not have this one.</returns>
    /// <exception cref="NbException">The service was not reached, or the answer is not whole yet.</exception>
    Task<Answer?> RecoverAsync(string answerId, BlobSink sink, CancellationToken cancellationToken);
}
