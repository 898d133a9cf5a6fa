namespace NanoBanana.Images;

/// <summary>The files of several tries at one image: the first takes the name, the others theirs with a number, and in
/// the end the best has the name.</summary>
internal static class TryFiles
{
    /// <summary>What follows the name of the model's own picture, where another stands for it.</summary>
    public const string OfModel = "-model";

    /// <summary>What follows the name of a try's file; nothing for the first.</summary>
    public static string Suffix(int number) => number > 1 ? FormattableString.Invariant($"-try{number}") : "";

    /// <summary>Gives the best try the name that the first one has, and the first one a name of its own.</summary>
    /// <returns>Both as they are now.</returns>
    /// <exception cref="NbException">A file could not be renamed; both are whole.</exception>
    public static (NbImage First, NbImage Best) Promote(NbImage first, NbImage best)
    {
        if (first.Path is not { } place || best.Path is not { } other || place == other) return (first, best);
        string extension = Path.GetExtension(place);
        NbImage aside = ImageMove.Run(first, FreeOf(place[..^extension.Length], extension));
        return (aside, ImageMove.Run(best, Path.ChangeExtension(place, Path.GetExtension(other))));
    }

    private static string FreeOf(string stem, string extension)
    {
        string path = $"{stem}-try1{extension}";
        for (int number = 2; File.Exists(path); number++)
        {
            path = FormattableString.Invariant($"{stem}-try1-{number}{extension}");
        }
        return path;
    }
}
