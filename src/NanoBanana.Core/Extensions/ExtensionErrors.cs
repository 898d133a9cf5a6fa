using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Extensions;

/// <summary>What can be wrong with an extension.</summary>
internal static class ExtensionErrors
{
    /// <summary>An extension that is not installed.</summary>
    /// <param name="name">Such as NanoBanana.Imaging.</param>
    /// <param name="path">Where its assembly should be.</param>
    /// <param name="instead">What else can be typed.</param>
    public static NbException Missing(string name, string path, string? instead = null) => Error(
        "Nb.Extension.Missing", NbErrorKind.ObjectNotFound,
            $"This needs the extension {name}, which is not installed: there is no '{path}'.",
        $"The module comes with it. Copy the whole folder of the module, or build it: 'dotnet build src/Extensions/{name}' in its sources "
        + "puts it into out/NanoBanana.PowerShell/Dependencies." + (instead is null ? "" : " " + instead), name);

    /// <summary>An extension in a program that is one native file.</summary>
    /// <param name="name">Such as NanoBanana.Imaging.</param>
    /// <param name="instead">What else can be typed.</param>
    public static NbException NotHere(string name, string? instead = null) => Error(
        "Nb.Extension.Missing", NbErrorKind.ObjectNotFound,
        $"This needs the extension {name}, and this program is one native file, which loads no extensions.",
        "Take the PowerShell module, or nb as a .NET tool: they come with the extensions."
        + (instead is null ? "" : " " + instead), name);

    /// <summary>An installed extension that cannot be loaded.</summary>
    public static NbException Broken(string name, string path, Exception inner) => Error(
        "Nb.Extension.Broken", NbErrorKind.ResourceUnavailable,
        $"The extension {name} ('{path}') cannot be loaded: {inner.GetBaseException().Message}",
        $"Copy the whole folder of the module again, or build it again: 'dotnet build src/Extensions/{name}' in its sources.",
            name, inner);
}
