using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Extensions.Imaging;

/// <summary>The imaging extension, and the way from its pictures to images with a history.</summary>
public static class ImagingExtension
{
    /// <summary>The extension; loaded when its value is first asked for.</summary>
    public static Extension<IImaging> Current { get; } = new("NanoBanana.Imaging");

    /// <summary>An image as the extension reads it.</summary>
    public static PictureSource ToSource(this NbImage image) => new(image.ToString(), image.Length, image.OpenRead);

    /// <summary>A picture as the extension reads it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="name">What errors call it; null for its own name.</param>
    public static PictureSource ToSource(this Picture picture, string? name = null) =>
        new(name ?? picture.Name, picture.Length, picture.Data.OpenRead);

    /// <summary>Makes an image of what the extension made: it keeps what its source remembers, but the conversation
    /// cannot go on
    /// with other pixels, and nothing was paid for it again.</summary>
    /// <param name="source">The image it was made from.</param>
    /// <param name="result">The new picture.</param>
    /// <param name="how">What was done, in words: the command and its settings.</param>
    public static NbImage Derive(this NbImage source, PictureResult result, string how)
    {
        NbImage made = NbImage.Foreign(Blob.FromBytes(result.Data));
        return source with
        {
            Data = made.Data,
            Format = made.Format,
            Path = null,
            Width = made.Width,
            Height = made.Height,
            // What is said of the picture; what is said of the call that made it is not.
            Provenance = new Provenance
            {
                Prompt = source.Prompt,
                Model = source.Model,
                Grounding = source.Provenance?.Grounding,
                CreatedAt = DateTimeOffset.UtcNow,
            },
            ComposedPrompt = source.ComposedPrompt,
            Text = source.Text,
            Thoughts = source.Thoughts,
            Conversation = null,
            Parent = source,
            ParentSha256 = source.Sha256,
            Verdict = null,
            RecordedSha256 = null,
            Derivation = new Derivation(how, source.Sha256, Path.GetFileName(source.Path)),
            Warnings = [$"Made from {Path.GetFileName(source.Path) ?? source.ToString()} by {how}: no longer the model's bytes."],
        };
    }
}
