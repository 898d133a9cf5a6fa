using System.Collections.ObjectModel;
using EngineDouble;

namespace System.Management.Automation;

public sealed class PathIntrinsics
{
    private readonly PathResolver _resolver;

    internal PathIntrinsics(PathResolver resolver) => _resolver = resolver;

    public PathInfo CurrentLocation => _resolver.CurrentLocation;

    public PathInfo CurrentFileSystemLocation => _resolver.CurrentLocation;

    public string GetUnresolvedProviderPathFromPSPath(string path) =>
        GetUnresolvedProviderPathFromPSPath(path, out _, out _);

    public string GetUnresolvedProviderPathFromPSPath(string path, out ProviderInfo provider, out PSDriveInfo? drive) =>
        _resolver.Unresolved(path, out provider, out drive);

    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider) =>
        _resolver.Resolved(path, out provider);

    public bool IsProviderQualified(string path) => PathResolver.IsProviderQualified(path);

    public bool IsPSAbsolute(string path, out string? driveName) => PathResolver.IsAbsolute(path, out driveName);

    public string Combine(string parent, string child) => Path.Join(parent, child);
}
