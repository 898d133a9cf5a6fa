using System.Drawing;
using System.Globalization;
using Microsoft.Extensions.AI;
using NanoBanana.Batches.Manifests;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Extensions.AI;

/// <summary>Reads requests of Microsoft.Extensions.AI as ours. What cannot be kept to is refused.</summary>
internal sealed class RequestReader(ImageService service, NbImageGeneratorOptions own)
{
    /// <exception cref="NbException">Something in it cannot be kept to.</exception>
    public async Task<ImageRequest> ReadAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options, CancellationToken canceled)
    {
        if (options?.Count is < 1) throw Unsupported("Count", "It is 1 or more.");
        if (options?.ResponseFormat == ImageGenerationResponseFormat.Hosted
            || (options?.ResponseFormat == ImageGenerationResponseFormat.Uri && own.Folder is null))
        {
            throw Unsupported("ResponseFormat", "Take Data, or Uri with a Folder: the service hosts no images.");
        }
        var originals = new List<NbImage>();
        foreach (AIContent content in request.OriginalImages ?? [])
        {
            // A response may carry more than its images.
            if (content is ErrorContent or TextContent) continue;
            originals.Add(await ImageOfAsync(content, canceled).ConfigureAwait(false));
        }
        (ManifestItem row, _) = Manifest.ReadRow((options?.AdditionalProperties ?? []).Select(
            pair => KeyValuePair.Create(pair.Key, pair.Value)));
        CheckOthers(row);
        var made = new ImageRequest
        {
            Prompt = request.Prompt ?? "",
            Source = originals.FirstOrDefault(),
            References = [.. originals.Skip(1).Select(image => new Reference(image.ToPicture()))],
            Anchors = [.. (row.Anchors ?? []).Select(AnchorOf)],
        };
        made = RequestOptionTable.All.Aggregate(made, (read, option) => option.Copy(row, read));
        made = made with { Model = options?.ModelId ?? made.Model ?? own.Model };
        return options?.ImageSize is { } size ? Sized(made, size) : made;
    }

    /// <summary>Refuses a type of picture that the model does not give: its bytes are not changed here.</summary>
    public static void CheckMediaType(string? wanted, ModelInfo model)
    {
        if (wanted is null || model.Returns is not { } returned || wanted == returned) return;
        throw Unsupported("MediaType", $"{model.Id} gives {returned}; convert what comes, or leave it out.");
    }

    // An item of a manifest says more than a request: what has no effect here is refused, not left out.
    private static void CheckOthers(ManifestItem row)
    {
        (string Name, bool IsGiven)[] others =
        [
            ("name", row.Name.Length > 0), ("prompt", row.Prompt is not null), ("from", row.From is not null),
            ("edit", row.Edit is not null), ("references", row.References is not null),
            ("depends", row.Depends is not null), ("outFile", row.OutFile is not null),
        ];
        foreach ((string name, bool isGiven) in others)
        {
            if (isGiven) throw Unsupported(name, "Give prompt and pictures in the request, and a Folder to save in.");
        }
    }

    // The nearest ratio, and of its sizes the smallest that is large enough.
    private ImageRequest Sized(ImageRequest request, Size wanted)
    {
        if (wanted.Width <= 0 || wanted.Height <= 0) throw Unsupported("ImageSize", "Both sides are above 0.");
        ModelInfo? model = service.Catalog.Find(request.Model ?? service.Catalog.DefaultModel);
        if (model is null || model.Pixels.Count == 0) return request;
        double ratio = (double)wanted.Width / wanted.Height;
        ModelPixels[] nearest = [.. model.Pixels.GroupBy(pixels => pixels.Ratio)
            .MinBy(group => Math.Abs(Math.Log(Ratio(group.First()) / ratio)))!.OrderBy(Area)];
        ModelPixels chosen = nearest.FirstOrDefault(one =>
            one.Pixels.Width >= wanted.Width && one.Pixels.Height >= wanted.Height) ?? nearest[^1];
        return request with
        {
            AspectRatio = request.AspectRatio ?? chosen.Ratio,
            Size = request.Size ?? (model.SizeParameter ? chosen.Size : null),
        };
    }

    private static double Ratio(ModelPixels one) => (double)one.Pixels.Width / one.Pixels.Height;

    private static long Area(ModelPixels one) => (long)one.Pixels.Width * one.Pixels.Height;

    private static async Task<NbImage> ImageOfAsync(AIContent content, CancellationToken canceled)
    {
        // One of ours goes on with its conversation, unless its picture was exchanged.
        if (content.AdditionalProperties?.GetValueOrDefault(NbImageGenerator.ImageProperty) is NbImage known
            && (content is not DataContent data || data.Data.Length == known.Length)) return known;
        return content switch
        {
            DataContent picture => NbImage.Foreign(Blob.FromBytes(picture.Data.ToArray())),
            UriContent { Uri.IsFile: true } file => await Task.Run(
                () => ImageFile.Import(file.Uri.LocalPath), canceled).ConfigureAwait(false),
            UriContent address => throw PictureErrors.NotFetched(address.Uri.ToString()),
            _ => throw Unsupported("OriginalImages", string.Create(CultureInfo.InvariantCulture,
                $"{content.GetType().Name} is not a picture: give DataContent, or UriContent of a file.")),
        };
    }

    /// <exception cref="NbException">There is no anchor of that name.</exception>
    public Anchor AnchorOf(string name) => own.Anchors?.Find(name)
        ?? throw AnchorErrors.Unknown(name, own.Anchors?.Names ?? []);

    private static NbException Unsupported(string name, string advice) => new("Nb.Request.UnsupportedOption",
        NbErrorKind.InvalidArgument, $"The image generator cannot do what '{name}' says.", advice) { Target = name };
}
