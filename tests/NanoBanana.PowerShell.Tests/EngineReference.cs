using System.Reflection;

namespace NanoBanana.PowerShell.Tests;

/// <summary>Reads assemblies as data: the reference the module is built with, and the module itself.</summary>
internal sealed class EngineReference : IDisposable
{
    private readonly MetadataLoadContext _context;

    public EngineReference(params string[] folders)
    {
        IEnumerable<string> known =
            Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Concat(folders.SelectMany(folder => Directory.EnumerateFiles(folder, "NanoBanana.*.dll")))
            .Append(Location);
        _context = new MetadataLoadContext(new PathAssemblyResolver(known));
    }

    public static string Location => BuildPath.Of("EngineReference");

    public Assembly Engine => _context.LoadFromAssemblyPath(Location);

    public Assembly Load(string path) => _context.LoadFromAssemblyPath(path);

    public void Dispose() => _context.Dispose();
}
