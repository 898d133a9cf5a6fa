using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell;

/// <summary>Tells of an extension that a saved picture could not keep.</summary>
internal static class ExtensionWarning
{
    /// <summary>Warns when a picture could not keep the extension that was typed: its bytes are what the service
    /// sent.</summary>
    public static void Write(Cmdlet cmdlet, string typed, NbImage saved)
    {
        string wanted = Path.GetExtension(typed);
        string got = Path.GetExtension(saved.Path)!;
        if (!ImageFile.HasImageExtension(typed) || string.Equals(wanted, got, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }
        if (saved is NbText)
        {
            cmdlet.WriteWarning($"Saved as {Path.GetFileName(saved.Path)}: the answer is words, without a picture.");
            return;
        }
        cmdlet.WriteWarning(
            $"Saved as {Path.GetFileName(saved.Path)}, not {wanted}: the picture is {saved.MimeType}. Convert-NbImage -Format makes another of it.");
    }
}
