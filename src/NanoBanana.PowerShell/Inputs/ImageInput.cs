using System.Collections;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts input to images: this module's objects, files, paths, bytes, addresses, or rows with a
/// path.</summary>
internal static class ImageInput
{
    private static readonly string Recorded = "Deserialized." + typeof(NbImage).FullName;

    private static readonly string[] PathProperties = ["Path", "FullName", "LiteralPath", "PSPath"];

    /// <summary>Converts an object to images.</summary>
    /// <param name="input">The object, wrapped or not.</param>
    /// <param name="fullPaths">Resolves a path as typed, wildcards included.</param>
    /// <param name="fetch">Gets the picture at an address; null when addresses are not accepted.</param>
    /// <exception cref="NbException">It is not an image.</exception>
    public static IEnumerable<NbImage> Resolve(
        object? input, Func<string, IEnumerable<string>> fullPaths, Func<string, NbImage>? fetch = null)
    {
        object? value = PSValue.Unwrapped(input);
        switch (value)
        {
            case NbImage image:
                return [image];
            case PSCustomObject when IsRecorded(input):
                return [Recalled((PSObject)input!)];
            // Each byte or line that Get-Content emits carries its file's path; without this check each would become a
            // separate edit.
            case ValueType:
                throw ImageErrors.NotAnImageInput(value.GetType().Name);
            // Sidecars of a piped folder are skipped, because their pictures are piped too.
            case FileInfo file when ImageFile.IsSidecar(file.FullName):
                return [];
            case FileInfo file:
                return [ImageFile.Import(file.FullName)];
            case byte[] bytes:
                return [NbImage.Foreign(Blob.FromBytes(bytes))];
            case Uri { IsAbsoluteUri: true, IsFile: true } uri:
                return [ImageFile.Import(uri.LocalPath)];
            case Uri uri when fetch is not null:
                return [fetch(uri.OriginalString)];
            case string text:
                return [.. Lines(text).SelectMany(line => fetch is not null && ImageAddress.IsAddress(line)
                    ? [fetch(line)]
                    : fullPaths(line).Select(ImageFile.Import))];
            case ICollection items when AreBytes(items):
                return [NbImage.Foreign(
                    Blob.FromBytes(items.Cast<object>().Select(item => (byte)PSValue.Unwrapped(item)!).ToArray()))];
            case IEnumerable items:
                return [.. items.Cast<object>().SelectMany(item => Resolve(item, fullPaths, fetch))];
        }
        if (PathOf(input) is { } path) return Resolve(path, fullPaths, fetch);
        throw ImageErrors.NotAnImageInput(value?.GetType().Name ?? "null");
    }

    /// <summary>The members of a typed list, so that a missing one does not hide the others; any other object is
    /// returned as it is.</summary>
    public static IReadOnlyList<object?> Members(object? input) =>
        PSValue.Unwrapped(input) is object?[] items && !AreBytes(items) ? items : [input];

    /// <summary>Whether an object is an image that came from a job, another machine or a CliXml file.</summary>
    public static bool IsRecorded(object? input) => input is PSObject row && row.TypeNames.Contains(Recorded);

    /// <summary>The path in a row; null when it has none, or when it is an image that only has its path.</summary>
    public static string? PathOf(object? input) => input is PSObject row && !row.TypeNames.Contains(Recorded)
        ? PathProperties.Select(name => PSValue.Unwrapped(row.Properties[name]?.Value)).OfType<string>()
            .FirstOrDefault()
        : null;

    // An image that came from a job, another machine or a CliXml file has everything but its bytes.
    private static NbImage Recalled(PSObject row)
    {
        T? Value<T>(string name) => PSValue.Unwrapped(row.Properties[name]?.Value) is T value ? value : default;

        string hash = Value<string>(nameof(NbImage.Sha256)) ?? "";
        string? path = Value<string>(nameof(NbImage.Path));
        NbImage? found = path is null ? null : ImageFile.Find(path, hash, Value<long>(nameof(NbImage.Length)));
        return found ?? throw ImageErrors.LeftBehind(
            $"'{Readable.Short(Value<string>(nameof(NbImage.Prompt)) ?? hash, 40)}'", path);
    }

    // The clipboard as one text: a path per line, in the quotes of "Copy as path" or of a terminal.
    public static IEnumerable<string> Lines(string text) => text.Contains('\n', StringComparison.Ordinal)
        ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Unquoted)
        : [Unquoted(text)];

    private static bool AreBytes(ICollection items) =>
        items.Count > 0 && items.Cast<object>().All(item => PSValue.Unwrapped(item) is byte);

    private static string Unquoted(string path)
    {
        string trimmed = path.Trim();
        return trimmed.Length > 1 && trimmed[0] is '"' or '\'' && trimmed[^1] == trimmed[0] ? trimmed[1..^1] : path;
    }
}
