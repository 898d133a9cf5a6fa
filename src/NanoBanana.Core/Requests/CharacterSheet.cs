using System.Collections.Immutable;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;

namespace NanoBanana.Requests;

/// <summary>One character seen from several sides; each view is drawn with the earlier views as references.</summary>
/// <param name="Name">The character's name in prompts.</param>
/// <param name="Anchor">The anchor that shows the character already; null when only words describe it.</param>
/// <param name="Words">The description; with an anchor, what to add to it. Null for none.</param>
/// <param name="Views">The views made so far, as pictures named after them.</param>
public sealed record CharacterSheet(string Name, Anchor? Anchor, string? Words, ImmutableArray<Picture> Views)
{
    private const string DefaultName = "character";

    /// <summary>Starts a sheet.</summary>
    /// <param name="name">The character's name; null for the anchor's name.</param>
    /// <param name="anchor">The anchor that shows the character; null to start from words alone.</param>
    /// <param name="words">The description.</param>
    /// <exception cref="NbException">There is neither an anchor nor a description.</exception>
    public static CharacterSheet Of(string? name, Anchor? anchor, string? words)
    {
        string? said = string.IsNullOrWhiteSpace(words) ? null : words.Trim();
        if (anchor is null && said is null) throw AnchorErrors.NoSheetSubject();
        return new CharacterSheet(name ?? anchor?.Name ?? DefaultName, anchor, said, []);
    }

    /// <summary>The request for the next view.</summary>
    /// <param name="view">Name of a view in the wording, or a description of another view.</param>
    /// <param name="composer">The wording.</param>
    /// <param name="model">The model; its limits decide how many earlier pictures are sent too. Null for no
    /// limits.</param>
    /// <param name="others">Other anchors to use.</param>
    public ImageRequest Request(string view, PromptComposer composer, ModelInfo? model, ImmutableArray<Anchor> others)
    {
        ImmutableArray<Picture> pictures = Known(model, others);
        bool shown = !pictures.IsEmpty;
        // Once there are pictures, their label carries the description.
        string subject = !shown ? Words! : Anchor is not null && Words is not null ? $"{Name}, {Words}" : Name;
        return new ImageRequest
        {
            Prompt = composer.ComposeView(subject, view),
            Anchors = shown ? [ToAnchor(pictures), .. others] : others,
        };
    }

    /// <summary>The sheet with one more view.</summary>
    /// <param name="view">The view that was asked for.</param>
    /// <param name="image">The image that was made.</param>
    public CharacterSheet With(string view, NbImage image) =>
        this with { Views = Views.Add(image.ToPicture() with { Name = StemFor(view) + image.Format.Extension }) };

    /// <summary>The file name of a view, without extension: fox-front.</summary>
    /// <param name="view">The view that is asked for.</param>
    public string StemFor(string view) => ImageFile.StemOf($"{Name}-{view}");

    /// <summary>The anchor that the finished sheet makes.</summary>
    /// <param name="description">The anchor's description; null for the description it was drawn from.</param>
    /// <exception cref="NbException">The name is unusable, or there is no view.</exception>
    public Anchor ToAnchor(string? description = null) =>
        Requests.Anchor.Create(Name, Role, description ?? Description, Views);

    private ReferenceRole Role => Anchor?.Role ?? ReferenceRole.Character;

    private string? Description => Anchor?.Description ?? (Anchor is null ? Words : null);

    private Anchor ToAnchor(ImmutableArray<Picture> pictures) => new(Name, Role, Description, pictures);

    // Keep the original picture, and the newest of the others.
    private ImmutableArray<Picture> Known(ModelInfo? model, ImmutableArray<Anchor> others)
    {
        ImmutableArray<Picture> all = [.. Anchor?.Pictures ?? [], .. Views];
        int ofRole = others.Where(other => other.Role == Role).Sum(other => other.Pictures.Length);
        int inAll = others.Sum(other => other.Pictures.Length);
        int most = Math.Min(
            (model?.References.OfRole(Role) ?? int.MaxValue) - ofRole,
            (model?.References.Advised ?? model?.References.Total ?? int.MaxValue) - inAll);
        return all.Length <= most ? all : most < 1 ? [.. all.Take(1)] : [all[0], .. all[^(most - 1)..]];
    }
}
