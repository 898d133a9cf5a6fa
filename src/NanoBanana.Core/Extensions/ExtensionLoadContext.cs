using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace NanoBanana.Extensions;

/// <summary>The load context of an extension and its packages, isolated from other assemblies of the process. Only Core
/// is shared.</summary>
internal sealed class ExtensionLoadContext(string path)
    : AssemblyLoadContext(System.IO.Path.GetFileNameWithoutExtension(path))
{
    private static readonly Assembly Core = typeof(ExtensionLoadContext).Assembly;

    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A trimmed program loads no extension.")]
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The extension implements Core's interfaces, so it must use this very Core, in whichever context that is
        // loaded.
        if (assemblyName.Name == Core.GetName().Name) return Core;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
}
