using System.Collections.Immutable;
using System.Text;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>Something to keep the same from picture to picture: a name, what it is, fixed words on it, and pictures of
/// it.</summary>
/// <param name="Name">Its name in prompts: letters, digits, - and _.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Description">Repeated word for word in every prompt; null for none.</param>
/// <param name="Pictures">At least one.</param>
public sealed record Anchor(string Name, ReferenceRole Role, string? Description, ImmutableArray<Picture> Pictures)
{
    // A file in a library has its name, with an extension; file systems give it 255 bytes.
    private const int MostBytes = 200;

    /// <summary>Full path of the library that holds it; null for an anchor of the session alone.</summary>
    public string? Library { get; init; }

    /// <summary>How it counts against the limits of each model; empty until <see cref="CountedBy"/> has
    /// counted.</summary>
    public ImmutableArray<AnchorCount> Limits { get; init; } = [];

    /// <summary>Makes an anchor.</summary>
    /// <exception cref="NbException">The name is unusable or there is no picture.</exception>
    public static Anchor Create(string name, ReferenceRole role, string? description, IEnumerable<Picture> pictures)
    {
        // Prompts and file names need one spelling of each name.
        name = CanonicalForm.Composed(name);
        CheckName(name);
        ImmutableArray<Picture> all = [.. pictures];
        if (all.IsEmpty) throw AnchorErrors.Invalid(name, "it has no picture.");
        return new Anchor(name, role, string.IsNullOrWhiteSpace(description) ? null : description.Trim(), all);
    }

    /// <summary>Refuses a name that cannot be used in prompts.</summary>
    /// <exception cref="NbException">The name is unusable.</exception>
    public static void CheckName(string name)
    {
        if (!IsName(name))
        {
            throw AnchorErrors.Invalid(name, "the name has a character that is not a letter, a digit, - or _.");
        }
        if (Encoding.UTF8.GetByteCount(name) > MostBytes)
        {
            throw AnchorErrors.Invalid(Readable.Short(name), $"the name takes more than {MostBytes} bytes.");
        }
    }

    /// <summary>The anchor's pictures as references.</summary>
    public IEnumerable<Reference> ToReferences() =>
        Pictures.Select(picture => new Reference(picture, Role, Name, Description));

    /// <summary>The same anchor, counted against every living model of a catalog.</summary>
    public Anchor CountedBy(ModelCatalog catalog, DateOnly today) => this with
    {
        Limits = [.. catalog.Models.Where(model => !model.IsRetiredOn(today))
            .Select(model => AnchorCount.Of(this, model))],
    };

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static bool IsName(string name) =>
        name.Length > 0 && CanonicalForm.Composed(name).All(c => char.IsLetterOrDigit(c) || c is '-' or '_');
}
