using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Extensions.Imaging;

/// <summary>The imaging extension, and conversions between its pictures and images.</summary>
public static class ImagingExtension
{
    /// <summary>The extension; loaded when its value is first asked for.</summary>
    public static Extension<IImaging> Current { get; } = new("NanoBanana.Imaging");

    /// <summary>An image as the extension reads it.</summary>
    public static PictureSource ToSource(this NbImage image) => new(image.ToString(), image.Length, image.OpenRead);

    /// <summary>A picture as the extension reads it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="name">Its name in errors; null for its own name.</param>
    public static PictureSource ToSource(this Picture picture, string? name = null) =>
        new(name ?? picture.Name, picture.Length, picture.Data.OpenRead);

    /// <summary>Makes an image from the extension's picture: it keeps its source's record, but its conversation cannot
    /// be continued with other pixels, and it cost nothing.</summary>
    /// <param name="source">The image it was made from.</param>
    /// <param name="result">The new picture.</param>
    /// <param name="how">What was done: the command and its settings.</param>
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
            // Warnings about the picture are kept, those about its call are not.
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
