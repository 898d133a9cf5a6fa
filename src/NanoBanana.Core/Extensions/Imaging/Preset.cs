using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Extensions.Imaging;

/// <summary>A named size for pictures.</summary>
/// <param name="Name">Such as open-graph: letters, digits, - and _.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Title">What it is for, in words.</param>
/// <param name="Fit">How a picture of another ratio is fitted.</param>
/// <param name="Format">png, jpeg or webp.</param>
/// <param name="Quality">1 to 100; null for 90.</param>
public sealed record Preset(
    string Name, int Width, int Height, string Title = "", PictureFit Fit = PictureFit.Cover, string Format = "jpeg",
        int? Quality = null)
{
    /// <summary>The built-in presets, and those of files; a later one of the same name replaces an earlier
    /// one.</summary>
    /// <param name="files">Full paths.</param>
    /// <exception cref="NbException">A file is missing or not a list of presets.</exception>
    public static ImmutableArray<Preset> Load(params IEnumerable<string> files)
    {
        var all = new Dictionary<string, Preset>(StringComparer.OrdinalIgnoreCase);
        using (Stream builtIn = Assembly.GetExecutingAssembly().GetManifestResourceStream("presets.json")!)
        {
            foreach (Preset preset in Read(builtIn)) all[preset.Name] = preset;
        }
        foreach (string file in files)
        {
            foreach (Preset preset in Read(file)) all[preset.Name] = preset;
        }
        return [.. all.Values];
    }

    /// <summary>The target picture.</summary>
    public PictureTarget ToTarget() =>
        new() { Width = Width, Height = Height, Fit = Fit, Format = Format, Quality = Quality };

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ImmutableArray<Preset> Read(string file)
    {
        try
        {
            using Stream stream = Disk.OpenRead(file);
            ImmutableArray<Preset> presets = Read(stream);
            return presets.FirstOrDefault(preset => !preset.IsPossible) is { } wrong
                ? throw PresetErrors.Invalid(file, $"'{wrong.Name}' has an impossible size, format or quality")
                : presets;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.NotFound(file);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(file, e);
        }
        catch (Exception e) when (StoredJson.IsMalformed(e))
        {
            throw PresetErrors.Invalid(file, e.Message, e);
        }
    }

    // A file may lack required fields.
    private bool IsPossible => Name is { Length: > 0 } && Name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_')
        && Width is > 0 and <= PictureLimits.Side && Height is > 0 and <= PictureLimits.Side
        && Format is "png" or "jpeg" or "webp" && Quality is null or (> 0 and <= 100);

    private static ImmutableArray<Preset> Read(Stream stream) =>
        JsonSerializer.Deserialize(stream, PresetJson.Default.PresetList) is { Presets.IsDefault: false } list
            ? list.Presets
            : throw new JsonException("it has no presets");
}
