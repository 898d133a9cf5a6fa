using System.Collections.Immutable;
using System.Text.Json;
using NanoBanana.Batches.Manifests;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving;

/// <summary>A client's request, with the properties of a manifest's item; pictures are data URLs, or ids of images made
/// here.</summary>
/// <param name="Item">The item.</param>
internal sealed record WorkRequest(ManifestItem Item)
{
    private static readonly string[] Lists = ["references", "anchors"];

    // Properties of a batch item that a single request does not support.
    private static readonly string[] OfBatches = ["from", "depends"];

    /// <summary>Warnings.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Reads the fields of a request.</summary>
    /// <param name="fields">An object's fields.</param>
    /// <param name="isEdit">Whether an image is changed.</param>
    /// <param name="others">Fields that the caller reads itself.</param>
    /// <exception cref="NbException">A field is unknown, not supported here, or its value has the wrong
    /// type.</exception>
    public static WorkRequest Read(
        IEnumerable<KeyValuePair<string, JsonElement>> fields, bool isEdit, params string[] others)
    {
        var known = new List<KeyValuePair<string, object?>>();
        foreach ((string typed, JsonElement value) in fields)
        {
            if (others.Contains(typed, StringComparer.Ordinal)) continue;
            // Accepts the service's own name, as used by pages written for the service.
            bool isSize = typed.Replace("_", "", StringComparison.Ordinal)
                .Equals("imageSize", StringComparison.OrdinalIgnoreCase);
            string name = isSize ? "size" : typed;
            if (Manifest.PropertyOf(name) is not { } property) throw Unknown(typed, others);
            if (OfBatches.Contains(property) || (property == "edit" && !isEdit)) throw NotTaken(typed);
            object? content = JsonFields.ToObject(value);
            if (Lists.Contains(property) && content is string one) content = new object?[] { one };
            known.Add(KeyValuePair.Create(name, content));
        }
        (ManifestItem item, ImmutableArray<string> warnings) = Manifest.ReadRow(known);
        return new WorkRequest(item) { Warnings = warnings };
    }

    /// <summary>The name of its file without extension; null when not given.</summary>
    /// <exception cref="NbException">It names a path, or has characters that no file should have.</exception>
    public string? FileName()
    {
        string? name = Item.OutFile ?? (Item.Name.Length > 0 ? Item.Name : null);
        if (name is null) return null;
        if (Path.GetFileName(name) != name || name.Contains('\\', StringComparison.Ordinal) || name[0] == '.')
        {
            throw new NbException("Nb.Request.NameIsPath", NbErrorKind.InvalidArgument,
                $"'{Readable.Short(name)}' is a path or hidden, and only a name is taken here.",
                "Give a name without folders that does not begin with a dot.") { Target = name };
        }
        return ImageFile.HasImageExtension(name) ? Path.ChangeExtension(name, null) : name;
    }

    /// <summary>The request, checked; nothing is sent.</summary>
    /// <param name="workspace">Where its images and anchors are looked up.</param>
    /// <param name="source">The image to change; null to draw a new one.</param>
    /// <param name="defaults">The defaults.</param>
    /// <exception cref="NbException">It is wrong; the error says what to change.</exception>
    public PreparedRequest Prepare(Workspace workspace, NbImage? source, RequestOptions defaults)
    {
        string? words = source is null ? Item.Prompt : Item.Edit ?? Item.Prompt;
        var request = new ImageRequest
        {
            Prompt = words ?? "",
            Source = source,
            Anchors = [.. (Item.Anchors ?? []).Select(workspace.Anchor)],
            References = [.. (Item.References ?? []).Select(reference => new Reference(
                PictureOf(workspace, reference.Picture), reference.Role, reference.Name, reference.Description))],
        };
        foreach (RequestOption option in RequestOptionTable.All)
        {
            request = option.With(request, option.Of(Item) ?? Default(workspace, option, request, defaults));
        }
        return workspace.Service.Prepare(request);
    }

    // An address that the service fetches cannot reach anything private to this machine.
    private Picture PictureOf(Workspace workspace, ManifestPicture picture) =>
        MediaAddress.IsSent(picture.Path, Item.ByReference == true)
            ? Picture.ByReference(picture.Path, picture.MimeType) : workspace.InputOf(picture.Path);

    // A default applies only if the model supports it.
    private static object? Default(
        Workspace workspace, RequestOption option, ImageRequest request, RequestOptions defaults)
    {
        if (request.Source is not null || option.Of(defaults) is not { } value) return null;
        ModelInfo? model = workspace.Service.Catalog.Find(request.Model ?? workspace.Service.Catalog.DefaultModel);
        return value is not string word || model is null || option.WordsOf(model).Contains(word) ? value : null;
    }

    private static NbException Unknown(string field, string[] others)
    {
        string near = (Nearest.To(field, others, within: 1) ?? Manifest.NearestProperty(field)
            ?? Nearest.To(field, others)) is { } name ? $"Did you mean '{name}'? " : "";
        return new NbException("Nb.Request.UnknownField", NbErrorKind.InvalidArgument,
            $"There is no field '{Readable.Short(field)}'.", $"{near}Nothing was sent.") { Target = field };
    }

    private static NbException NotTaken(string field) => new("Nb.Request.UnsupportedOption",
        NbErrorKind.InvalidArgument, $"'{Readable.Short(field)}' is not taken here.",
        field == "depends" ? "Leave it out. Nothing was sent."
            : "To change an image, use {command:edit}. Nothing was sent.") { Target = field };
}
