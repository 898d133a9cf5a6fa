using System.Collections;
using System.Management.Automation;
using NanoBanana.Batches.Manifests;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts input to references: images in any form, files of videos and documents, and addresses that the
/// service fetches.</summary>
/// <param name="byReference">Whether every URL is sent as a URL.</param>
/// <param name="fullPaths">Resolves a path as typed, wildcards included.</param>
/// <param name="images">Converts other input to images.</param>
internal sealed class ReferenceInput(
    bool byReference, Func<string, IEnumerable<string>> fullPaths, Func<object?, IEnumerable<NbImage>> images)
{
    /// <summary>Converts typed input to references.</summary>
    /// <exception cref="NbException">It means none.</exception>
    public IEnumerable<Reference> Typed(object? value) => Of(value, PSValue.Unwrapped(value) is IDictionary);

    /// <summary>Converts a table cell to references; several are separated as in a.jpg;b.jpg.</summary>
    /// <exception cref="NbException">It means none.</exception>
    public IEnumerable<Reference> Cell(object? cell)
    {
        object?[] parts = PSValue.Unwrapped(cell) is string text
            ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [cell];
        return parts.Where(part => part is not null).SelectMany(part => Of(part, RequestRow.Is(part)));
    }

    // A hashtable may also have the picture's role, as in a manifest.
    private IEnumerable<Reference> Of(object? value, bool isTable)
    {
        if (!isTable) return Resolve(value).Select(picture => new Reference(picture));
        var (item, _) = Manifest.ReadRow([KeyValuePair.Create("references", (object?)ManifestInput.Fields(value!))]);
        return (item.References ?? []).SelectMany(reference =>
            Resolve(reference.Picture.Path, reference.Picture.MimeType).Select(picture =>
                new Reference(picture, reference.Role, reference.Name, reference.Description)));
    }

    /// <summary>Converts an object to pictures, videos and documents.</summary>
    /// <param name="input">The object, wrapped or not.</param>
    /// <param name="mimeType">Media type of an address; null to derive it from the address.</param>
    /// <exception cref="NbException">It means none.</exception>
    public IEnumerable<Picture> Resolve(object? input, string? mimeType = null) => PSValue.Unwrapped(input) switch
    {
        FileInfo file => OfFile(file.FullName),
        Uri { IsAbsoluteUri: true, IsFile: false } uri => OfText(uri.OriginalString, mimeType),
        string text => ImageInput.Lines(text).SelectMany(line => OfText(line, mimeType)),
        _ when input is not PSObject { BaseObject: not PSCustomObject } && ImageInput.PathOf(input) is { } path =>
            Resolve(path, mimeType),
        object[] items => items.SelectMany(item => Resolve(item, mimeType)),
        _ => OfImages(input),
    };

    private IEnumerable<Picture> OfText(string text, string? mimeType)
    {
        if (MediaAddress.IsSent(text, byReference)) return [Picture.ByReference(text, mimeType)];
        if (MediaAddress.IsCloud(text)) throw PictureErrors.NotFetched(text);
        return ImageAddress.IsAddress(text) ? OfImages(text) : fullPaths(text).SelectMany(OfFile);
    }

    private IEnumerable<Picture> OfFile(string path)
    {
        if (!File.Exists(path) || ImageFile.IsSidecar(path)) return OfImages(new FileInfo(path));
        Picture picture = Picture.FromInput(path);
        return picture.IsImage ? OfImages(new FileInfo(path)) : [picture];
    }

    private IEnumerable<Picture> OfImages(object? input) => images(input).Select(image => image.ToPicture());
}
