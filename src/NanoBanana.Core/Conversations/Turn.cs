using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>What one side said, as parts in order. A model's turn is sent back exactly as it came.</summary>
/// <param name="Role">"user" or "model"; an open vocabulary.</param>
/// <param name="Parts">The parts, in the order of the wire.</param>
public sealed record Turn(string Role, ImmutableArray<Part> Parts)
{
    /// <summary>The role of the user's turn.</summary>
    public const string User = "user";

    private readonly FoundResults _results = new();

    /// <summary>The role of the model's turn.</summary>
    public const string Model = "model";

    /// <summary>Fields of the turn that this version does not know.</summary>
    public UnknownFields Unknown { get; init; } = UnknownFields.None;

    /// <summary>The steps of a turn that came by the Interactions API; empty for any other. Their contents are the
    /// parts.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>The call a model's turn came from; null for a user's turn and when unknown. It is never sent.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>The images of a model's answer, as decided by <see cref="AnswerResults"/>. Empty for a user's
    /// turn.</summary>
    public ImmutableArray<ImagePart> Results => Role == Model ? _results.Of(this) : [];

    /// <summary>How many pictures it carries, inline or uploaded before, without videos and documents.</summary>
    internal int PictureCount => Parts.Count(part => part.Kind == PictureFormat.Image);

    /// <summary>The videos and documents it carries: inline, uploaded before, or by address.</summary>
    internal IEnumerable<Part> Media => Parts.Where(part => part.Kind is { } kind && kind != PictureFormat.Image);

    /// <summary>Characters of its words, thoughts included.</summary>
    internal long CharacterCount => Parts.OfType<TextPart>().Sum(part => (long)part.Text.Length);

    /// <summary>Every image and signature of the turn, in order, with repeats.</summary>
    public IEnumerable<Blob> Blobs
    {
        get
        {
            foreach (Part part in Parts)
            {
                if (part is ImagePart image) yield return image.Data;
                if (part is FilePart { Source: { } source }) yield return source;
                if (part.Signature is { } signature) yield return signature;
            }
            foreach (Step step in Steps)
            {
                if (step.Signature is { } signature) yield return signature;
            }
        }
    }

    /// <summary>The text of the turn without thoughts, joined, and without terminal control characters; empty when
    /// there is none.</summary>
    public string Text => SafeText.Plain(
        string.Concat(Parts.OfType<TextPart>().Where(part => !part.Thought).Select(part => part.Text)));

    /// <summary>The model's thoughts in words, joined; empty when none were asked for.</summary>
    public string Thoughts => SafeText.Plain(
        string.Concat(Parts.OfType<TextPart>().Where(part => part.Thought).Select(part => part.Text)));

    /// <inheritdoc/>
    public override string ToString() => $"{Role}: {Readable.Short(Text)}";

    /// <summary>Caches the results of some parts, because finding them reads each picture. All instances are equal, so
    /// the cache does not affect the turn's equality.</summary>
    private sealed class FoundResults
    {
        private Tuple<ImmutableArray<Part>, ImmutableArray<ImagePart>>? _found;

        public ImmutableArray<ImagePart> Of(Turn turn)
        {
            // A copy of the turn with other parts shares this cache, so the parts are compared.
            if (_found is { } found && found.Item1 == turn.Parts) return found.Item2;
            ImmutableArray<ImagePart> results = AnswerResults.Of([turn])[0];
            _found = Tuple.Create(turn.Parts, results);
            return results;
        }

        public override bool Equals(object? obj) => obj is FoundResults;

        public override int GetHashCode() => 0;
    }
}
