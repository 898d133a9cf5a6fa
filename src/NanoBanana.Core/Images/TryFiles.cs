using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>The files of several tries at one image: the first gets the name, the others get numbers, and in the end
/// the best one gets the name.</summary>
internal static class TryFiles
{
    /// <summary>Suffix of the model's own picture when a composed one has the name.</summary>
    public const string OfModel = "-model";

    /// <summary>Suffix of a try's file; empty for the first.</summary>
    public static string Suffix(int number) => number > 1 ? FormattableString.Invariant($"-try{number}") : "";

    /// <summary>Gives the best try the name of another one, which gets the name of its own try.</summary>
    /// <param name="first">The try that has the name.</param>
    /// <param name="best">The try that gets the name.</param>
    /// <returns>Both images after the change.</returns>
    /// <exception cref="NbException">A file could not be renamed; both are intact.</exception>
    public static (NbImage First, NbImage Best) Promote(NbImage first, NbImage best)
    {
        if (first.Path is not { } place || best.Path is not { } other || place == other) return (first, best);
        NbImage aside = StepAside(first);
        return (aside, ImageMove.Run(best, Path.ChangeExtension(place, Path.GetExtension(other))));
    }

    /// <summary>Gives a picture the name of its try, so that another can have its current name.</summary>
    /// <exception cref="NbException">The file could not be renamed.</exception>
    public static NbImage StepAside(NbImage image)
    {
        string extension = Path.GetExtension(image.Path!);
        string stem = FormattableString.Invariant($"{image.Path![..^extension.Length]}-try{image.Verdict?.Try ?? 1}");
        return ImageMove.Run(image, Free(stem, extension));
    }

    /// <summary>Gives a picture the name without the number of its try, where that name is free.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="suffix">The suffix of its name.</param>
    /// <exception cref="NbException">The file could not be renamed.</exception>
    public static NbImage TakePlace(NbImage image, string suffix)
    {
        if (suffix.Length == 0 || image.Path is not { } path) return image;
        string extension = Path.GetExtension(path), stem = path[..^extension.Length];
        if (!stem.EndsWith(suffix, StringComparison.Ordinal)) return image;
        string target = stem[..^suffix.Length] + extension;
        return File.Exists(target) ? image : ImageMove.Run(image, target);
    }

    /// <summary>Finds the current file of a picture when a run ended while renaming it.</summary>
    /// <param name="stem">Full path of its item's place, without extension.</param>
    /// <param name="known">Where it was; full path.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Full path; null where it is gone.</returns>
    public static string? Find(string stem, string known, string? sha256, long? length)
    {
        if (File.Exists(known)) return known;
        string extension = Path.GetExtension(known), name = Path.GetFileName(stem);
        string folder = Path.GetDirectoryName(stem)!;
        if (!Directory.Exists(folder)) return null;
        return Directory.EnumerateFiles(folder, name + "*" + extension)
            .Where(path => IsOurs(Path.GetFileNameWithoutExtension(path)[name.Length..]))
            .FirstOrDefault(path => new FileInfo(path).Length == length && Blob.FromFile(path).Sha256 == sha256);
    }

    // The place itself, or -try2, -try1-3, -model, -try2-model.
    private static bool IsOurs(string rest) =>
        rest is "" or OfModel || rest.StartsWith("-try", StringComparison.Ordinal);

    private static string Free(string stem, string extension)
    {
        string path = stem + extension;
        for (int number = 2; File.Exists(path); number++)
        {
            path = FormattableString.Invariant($"{stem}-{number}{extension}");
        }
        return path;
    }
}
