namespace NanoBanana;

public static partial class NbErrors
{
    /// <summary>An extension that is not installed.</summary>
    /// <param name="name">Such as NanoBanana.Imaging.</param>
    /// <param name="path">Where its assembly should be.</param>
    /// <param name="instead">What else can be typed.</param>
    public static NbException ExtensionMissing(string name, string path, string? instead = null) => Error(
        "Nb.Extension.Missing", NbErrorKind.ObjectNotFound, $"This needs the extension {name}, which is not installed: there is no '{path}'.",
        "The package in the PowerShell Gallery includes it: Install-PSResource NanoBanana.PowerShell -Reinstall. To build it from source: "
        + $"dotnet publish src/Extensions/{name} -o '{Path.GetDirectoryName(path)}'" + (instead is null ? "" : ". " + instead), name);

    /// <summary>An extension that is there and cannot be loaded.</summary>
    public static NbException ExtensionBroken(string name, string path, Exception inner) => Error(
        "Nb.Extension.Broken", NbErrorKind.ResourceUnavailable,
        $"The extension {name} ('{path}') cannot be loaded: {inner.GetBaseException().Message}",
        "Install the module again: Install-PSResource NanoBanana.PowerShell -Reinstall", name, inner);
}
