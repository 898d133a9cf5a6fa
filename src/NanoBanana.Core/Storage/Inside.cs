namespace NanoBanana.Storage;

/// <summary>The one place that decides what is inside a folder. A folder may come from anybody, so no name or link in
/// it may lead to a file outside, to read, write, move or delete it.</summary>
/// <remarks>The folder itself may be reached through links. A link below it is judged by its target; a target inside is
/// allowed.</remarks>
internal static class Inside
{
    // As many links as Linux follows.
    private const int MostLinks = 40;

    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows()
            || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The full path of a name read from a file of a folder.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="relative">The name as it was read: / between folders.</param>
    /// <returns>Null when it is not a valid name, or leads outside directly or through a link.</returns>
    public static string? Find(string folder, string? relative)
    {
        if (!IsRelative(relative)) return null;
        string path = SameName.Existing(Path.GetFullPath(Path.Combine(folder, relative!)));
        return LeadsOut(folder, path) ? null : path;
    }

    /// <summary>Whether a name stays inside on every system: no root, drive, backslash, .. or control
    /// character.</summary>
    public static bool IsRelative(string? name) => !string.IsNullOrEmpty(name)
        && !name.Any(c => c is '\\' or ':' || char.IsControl(c))
        && name.Split('/').All(segment => segment is not ("" or "." or ".."));

    /// <summary>Whether a path lies outside a folder, or a link on the way leads there.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="path">Full path; nothing need be there.</param>
    public static bool LeadsOut(string folder, string path)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        if (!IsBelow(folder, path)) return true;
        for (string? at = path; at is not null && at.Length > folder.Length; at = Path.GetDirectoryName(at))
        {
            if (TargetOf(at) is not null)
            {
                return RealPath(folder) is not { } root || RealPath(path) is not { } real || !IsBelow(root, real);
            }
        }
        return false;
    }

    /// <summary>Refuses a path that leads outside a folder.</summary>
    /// <exception cref="NbException">It does.</exception>
    public static void Check(string folder, string path)
    {
        if (LeadsOut(folder, path)) throw FileErrors.Outside(folder, path);
    }

    /// <summary>Refuses a path in a folder's own store (<c>.nb</c>) that leads out of that folder; other paths are not
    /// looked at.</summary>
    /// <exception cref="NbException">It does.</exception>
    public static void CheckStored(string path)
    {
        if (HolderOf(path) is { } folder) Check(folder, path);
    }

    /// <summary>Refuses a folder whose store, or an entry of the store, is a link that leads outside.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <exception cref="NbException">One does.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static void CheckStore(string folder)
    {
        string store = Path.Combine(folder, BlobStore.FolderName);
        Check(folder, store);
        if (!Directory.Exists(store)) return;
        foreach (string entry in Directory.EnumerateFileSystemEntries(store)) Check(folder, entry);
    }

    /// <summary>Whether a file that lies beside another is in truth a link to elsewhere. A person may name files
    /// anywhere (from the root, or steps up); a name that stays beside must not pretend to.</summary>
    /// <param name="folder">Full path of the folder that names are relative to.</param>
    /// <param name="name">The name as it was written.</param>
    /// <param name="path">Full path of what it means.</param>
    public static bool IsDisguised(string folder, string name, string path) => !Path.IsPathRooted(name)
        && !name.Replace('\\', '/').Split('/').Contains("..") && LeadsOut(folder, path);

    private static string? HolderOf(string path)
    {
        for (string? at = path; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
        {
            if (Path.GetFileName(at) == BlobStore.FolderName) return Path.GetDirectoryName(at);
        }
        return null;
    }

    private static bool IsBelow(string folder, string path) =>
        path.Length > folder.Length && path.StartsWith(folder, Comparison)
        && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // A path that cannot be read cannot be followed either.
            return null;
        }
    }

    // Resolved like the system does: .. after a link starts from the link's real target. Null for a circle.
    private static string? RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        var ahead = new Stack<string>(Segments(path));
        for (int links = 0; ahead.TryPop(out string? segment);)
        {
            if (segment == ".") continue;
            if (segment == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            string next = Path.Combine(real, segment);
            if (TargetOf(next) is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks) return null;
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(Path.GetFullPath(target))!;
            foreach (string step in Segments(target)) ahead.Push(step);
        }
        return real;
    }

    // Pushed in reverse order.
    private static IEnumerable<string> Segments(string path) => path[(Path.GetPathRoot(path)?.Length ?? 0)..]
        .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
        .AsEnumerable().Reverse();
}
