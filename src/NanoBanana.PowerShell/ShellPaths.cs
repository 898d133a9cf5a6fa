using System.Collections.ObjectModel;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell;

/// <summary>Resolves paths as PowerShell does: relative to its location, with its drives and wildcards.</summary>
internal sealed class ShellPaths(PSCmdlet cmdlet)
{
    private const string FileSystem = "FileSystem";

    /// <summary>The full path of a file that need not exist, relative to the shell's location, not the
    /// process's.</summary>
    public string Full(string path)
    {
        try
        {
            string full =
                cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == FileSystem
                && !full.Contains('\0', StringComparison.Ordinal) ? full : throw NotAFile(path);
        }
        // A drive or provider that does not exist, such as http in a URL.
        catch (SessionStateException)
        {
            throw FileErrors.NotAFilePath(path);
        }
    }

    /// <summary>Full path of the shell's folder, or its last one before it moved to another drive, such as
    /// Env:.</summary>
    public string Here => cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    // A relative path cannot name a file here.
    private bool IsNowhere(string path) =>
        cmdlet.SessionState.Path.CurrentLocation.Provider.Name != FileSystem
            && !cmdlet.SessionState.Path.IsPSAbsolute(path, out _);

    /// <summary>The full path, or null for none.</summary>
    public string? FullOrNull(string? path) => string.IsNullOrEmpty(path) ? null : Full(path);

    /// <summary>The full path of a file to write, in a folder unless the path is a full one; null for none.</summary>
    /// <param name="folder">Full path; null for the shell's location.</param>
    /// <param name="file">As typed.</param>
    /// <exception cref="NbException">It names a folder, or is not a path of the file system.</exception>
    public string? In(string? folder, string? file)
    {
        // Resolved, '.' would become the folder's own name, and the picture would be saved beside the folder.
        if (file is { Length: > 0 } && Path.GetFileName(file) is "" or "." or "..") throw FileErrors.IsFolder(file);
        bool isElsewhere = folder is null || string.IsNullOrEmpty(file) || file[0] == '~'
            || file.Contains(':', StringComparison.Ordinal) || Path.IsPathRooted(file);
        return isElsewhere ? FullOrNull(file) : Path.GetFullPath(file!, folder!);
    }

    /// <summary>Resolves a path.</summary>
    /// <param name="path">The path as typed; a file with exactly that name, such as photo[1].png, takes precedence over
    /// matches.</param>
    /// <param name="literal">Whether wildcards are plain characters.</param>
    /// <exception cref="NbException">It matches nothing, or is not a file.</exception>
    public IReadOnlyCollection<string> All(string path, bool literal)
    {
        // The engine would treat an empty path as the current folder.
        if (string.IsNullOrWhiteSpace(path)) throw FileErrors.NotFound(path);
        if (literal || IsThere(path)) return [Full(path)];
        Collection<string> found;
        try
        {
            found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (provider.Name != FileSystem) throw NotAFile(path);
        }
        catch (ItemNotFoundException) when (IsNowhere(path))
        {
            throw NotAFile(path);
        }
        catch (ItemNotFoundException)
        {
            throw FileErrors.NotFound(Full(path));
        }
        catch (Exception e) when (e is SessionStateException or WildcardPatternException)
        {
            throw FileErrors.NotAFilePath(path);
        }
        return found.Count > 0 ? found : throw FileErrors.NotFound(path);
    }

    /// <summary>Resolves a path to pictures: a wildcard does not match sidecars.</summary>
    /// <exception cref="NbException">It matches none.</exception>
    public IReadOnlyCollection<string> Pictures(string path, bool literal)
    {
        IReadOnlyCollection<string> found = All(path, literal);
        if (!IsPattern(path, literal)) return found;
        string[] pictures = [.. found.Where(file => !ImageFile.IsSidecar(file) && !Directory.Exists(file))];
        return pictures.Length > 0 ? pictures : throw FileErrors.NotFound(path);
    }

    /// <summary>Whether a path has wildcards to resolve.</summary>
    public bool IsPattern(string path, bool literal) =>
        !literal && WildcardPattern.ContainsWildcardCharacters(path) && !IsThere(path);

    private NbException NotAFile(string path) =>
        IsNowhere(path) ? FileErrors.NotAFolder(path, cmdlet.SessionState.Path.CurrentLocation.Path)
            : FileErrors.NotAFilePath(path);

    private bool IsThere(string path) =>
        WildcardPattern.ContainsWildcardCharacters(path) && Full(path) is var full
            && (File.Exists(full) || Directory.Exists(full));
}
