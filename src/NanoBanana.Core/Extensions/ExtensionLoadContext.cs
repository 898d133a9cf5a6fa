using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace NanoBanana.Extensions;

/// <summary>Where an extension and its packages live: apart from whatever else the process has loaded. Only Core itself
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
        // The extension fills Core's own interfaces, so it must see this very Core, in whichever context that is.
        if (assemblyName.Name == Core.GetName().Name) return Core;
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
}
