namespace System.Management.Automation;

public sealed class PathInfo
{
    internal PathInfo(ProviderInfo provider, PSDriveInfo drive, string path, string providerPath)
    {
        Provider = provider;
        Drive = drive;
        Path = path;
        ProviderPath = providerPath;
    }

    public ProviderInfo Provider { get; }

    public PSDriveInfo Drive { get; }

    public string Path { get; }

    public string ProviderPath { get; }

    public override string ToString() => Path;
}
