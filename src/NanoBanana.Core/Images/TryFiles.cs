using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>The files of several tries at one image: the first takes the name, the others theirs with a number, and in
/// the end the best has the name.</summary>
internal static class TryFiles
{
    /// <summary>What follows the name of the model's own picture, where another stands for it.</summary>
    public const string OfModel = "-model";

    /// <summary>What follows the name of a try's file; nothing for the first.</summary>
    public static string Suffix(int number) => number > 1 ? FormattableString.Invariant($"-try{number}") : "";

    /// <summary>Gives the best try the name that another one has, and that one a name of its own.</summary>
    /// <param name="first">Which has the name.</param>
    /// <param name="best">Which gets it.</param>
    /// <returns>Both as they are now.</returns>
    /// <exception cref="NbException">A file could not be renamed; both are whole.</exception>
    public static (NbImage First, NbImage Best) Promote(NbImage first, NbImage best)
    {
        if (first.Path is not { } place || best.Path is not { } other || place == other) return (first, best);
        NbImage aside = StepAside(first);
        return (aside, ImageMove.Run(best, Path.ChangeExtension(place, Path.GetExtension(other))));
    }

    /// <summary>Gives a picture the name of its try, so that another may have its own.</summary>
    /// <exception cref="NbException">The file could not be renamed.</exception>
    public static NbImage StepAside(NbImage image)
    {
        string extension = Path.GetExtension(image.Path!);
        string stem = FormattableString.Invariant($"{image.Path![..^extension.Length]}-try{image.Verdict?.Try ?? 1}");
        return ImageMove.Run(image, Free(stem, extension));
    }

    /// <summary>Gives a picture the name without the number of its try, where that name is free.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="suffix">What its name ends with.</param>
    /// <exception cref="NbException">The file could not be renamed.</exception>
    public static NbImage TakePlace(NbImage image, string suffix)
    {
        if (suffix.Length == 0 || image.Path is not { } path) return image;
        string extension = Path.GetExtension(path), stem = path[..^extension.Length];
        if (!stem.EndsWith(suffix, StringComparison.Ordinal)) return image;
        string target = stem[..^suffix.Length] + extension;
        return File.Exists(target) ? image : ImageMove.Run(image, target);
    }

    /// <summary>The file that a picture has by now, where a run was ended while it was renamed.</summary>
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
