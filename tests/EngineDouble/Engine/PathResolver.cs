using System.Collections.ObjectModel;
using System.Management.Automation;

namespace EngineDouble;

/// <summary>PowerShell paths to file system paths: drives, provider prefixes, home, location, wildcards.</summary>
internal sealed class PathResolver
{
    private const string ProviderSeparator = "::";
    private static readonly ProviderInfo FileSystem = new("FileSystem");
    private static readonly ProviderInfo Environment = new("Environment");

    private readonly Dictionary<string, PSDriveInfo> _drives = new(StringComparer.OrdinalIgnoreCase);
    private readonly PSDriveInfo _root;

    public PathResolver(string location)
    {
        Location = location;
        _root = new PSDriveInfo("/", FileSystem, Path.GetPathRoot(Path.GetFullPath(location)) ?? "/");
        AddDrive("Temp", Path.GetTempPath());
        _drives["Env"] = new PSDriveInfo("Env", Environment, "");
        if (OperatingSystem.IsWindows())
        {
            AddDrive(_root.Root[..1], _root.Root);
        }
    }

    public string Location
    {
        get;
        set => field = Path.GetFullPath(value);
    }

    public PathInfo CurrentLocation => new(FileSystem, _root, Location, Location);

    public static bool IsProviderQualified(string path) => path.Contains(ProviderSeparator, StringComparison.Ordinal);

    public void AddDrive(string name, string root) => _drives[name] = new PSDriveInfo(name, FileSystem, root);

    public static bool IsAbsolute(string path, out string? driveName)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        driveName = colon > 0 ? path[..colon] : null;
        return colon > 0 || path.StartsWith('/');
    }

    public string Unresolved(string path, out ProviderInfo provider, out PSDriveInfo? drive)
    {
        ArgumentNullException.ThrowIfNull(path);
        int qualified = path.IndexOf(ProviderSeparator, StringComparison.Ordinal);
        if (qualified > 0)
        {
            provider = Provider(path[..qualified]);
            drive = null;
            return path[(qualified + ProviderSeparator.Length)..];
        }

        int colon = path.IndexOf(':', StringComparison.Ordinal);
        drive = colon > 0 ? Drive(path[..colon]) : _root;
        provider = drive.Provider;
        string rest = colon > 0 ? path[(colon + 1)..] : path;
        if (provider == Environment)
        {
            return rest.TrimStart('/', '\\');
        }

        rest = OperatingSystem.IsWindows() ? rest : rest.Replace('\\', '/');
        return colon > 0 ? Full(drive.Root, rest.TrimStart('/')) : Full(Location, Home(rest));
    }

    public Collection<string> Resolved(string path, out ProviderInfo provider)
    {
        string target = Unresolved(path, out provider, out _);
        if (provider != FileSystem)
        {
            return [target];
        }

        if (WildcardPattern.ContainsWildcardCharacters(target))
        {
            return new Collection<string>([.. Matches(target)]);
        }

        string plain = WildcardPattern.Unescape(target);
        return Path.Exists(plain) ? [plain] : throw NotFound(plain);
    }

    // A plain segment before any wildcard must exist, as in the engine; behind one it only filters.
    private static List<string> Matches(string pattern)
    {
        string root = Path.GetPathRoot(pattern) ?? "/";
        List<string> found = [root];
        bool wild = false;
        foreach (string segment in pattern[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (WildcardPattern.ContainsWildcardCharacters(segment))
            {
                wild = true;
                found = [.. found.Where(Directory.Exists).SelectMany(folder => Children(folder, segment))];
                continue;
            }

            string name = WildcardPattern.Unescape(segment);
            found = [.. found.Select(folder => Path.Combine(folder, name))];
            if (!wild && !Path.Exists(found[0]))
            {
                throw NotFound(found[0]);
            }

            found.RemoveAll(path => !Path.Exists(path));
        }

        return found;
    }

    private static IEnumerable<string> Children(string folder, string segment)
    {
        // "a[b" is no pattern; the engine still finds nothing by it, and complains only where a file is named just so.
        if (segment.LastIndexOf('[') > segment.LastIndexOf(']') && !Path.Exists(Path.Combine(folder, segment)))
        {
            return [];
        }

        WildcardPattern pattern = new(segment, WildcardOptions.IgnoreCase);
        return Directory.EnumerateFileSystemEntries(folder)
            .Where(entry => pattern.IsMatch(Path.GetFileName(entry)))
            .Order(StringComparer.Ordinal);
    }

    private static string Full(string basis, string path) => Path.GetFullPath(Path.Combine(basis, path));

    private static string Home(string path)
    {
        bool home = path == "~" || path.StartsWith("~/", StringComparison.Ordinal);
        return home
            ? System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile) + path[1..]
            : path;
    }

    private static ProviderInfo Provider(string name)
    {
        string bare = name[(name.LastIndexOf('\\') + 1)..];
        return bare.ToUpperInvariant() switch
        {
            "FILESYSTEM" => FileSystem,
            "ENVIRONMENT" => Environment,
            _ => throw new ProviderNotFoundException($"Cannot find a provider with the name '{name}'.")
            {
                ItemName = name,
                ErrorId = "ProviderNotFound",
            },
        };
    }

    private static ItemNotFoundException NotFound(string path) =>
        new($"Cannot find path '{path}' because it does not exist.") { ItemName = path, ErrorId = "PathNotFound" };

    private PSDriveInfo Drive(string name) => _drives.GetValueOrDefault(name)
        ?? throw new System.Management.Automation.DriveNotFoundException(
            $"Cannot find drive. A drive with the name '{name}' does not exist.")
        {
            ItemName = name,
            ErrorId = "DriveNotFound",
        };
}
