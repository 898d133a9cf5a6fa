using System.Collections.Immutable;
using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>An immutable chain of turns. An edit makes a new one that shares the turns before it; two edits are two
/// branches.</summary>
/// <param name="Model">Id of the model that answered: signatures are valid for that model only.</param>
/// <param name="Turns">The turns, oldest first.</param>
public sealed record Conversation(string Model, ImmutableArray<Turn> Turns)
{
    /// <summary>Adds turns at the end.</summary>
    public Conversation Append(params ReadOnlySpan<Turn> turns) => this with { Turns = Turns.AddRange(turns) };

    /// <summary>The first turns only: the point where another branch starts.</summary>
    /// <param name="count">How many turns to keep, from 0 to the number of turns.</param>
    public Conversation Take(int count) => this with { Turns = Turns[..count] };

    /// <summary>Whether it was made through the Interactions API: neither of the service's APIs accepts signatures of
    /// the other.</summary>
    internal bool IsInteraction => Turns.Any(turn => !turn.Steps.IsEmpty);

    /// <summary>Whether it has a turn of the model.</summary>
    internal bool HasAnswer => Turns.Any(turn => turn.Role == Turn.Model);

    /// <summary>Bytes of images and signatures in all turns, before base64.</summary>
    public long BlobBytes => Blobs.Sum(blob => blob.Length);

    /// <summary>Every image and signature of the conversation, in order, with repeats.</summary>
    public IEnumerable<Blob> Blobs => Turns.SelectMany(turn => turn.Blobs);

    /// <inheritdoc/>
    public override string ToString() => $"{Turns.Length} turns with {Model}";
}
