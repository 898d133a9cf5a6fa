using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace NanoBanana.Extensions;

/// <summary>An extension, loaded on first use from <c>Dependencies/</c> beside this library.</summary>
/// <typeparam name="T">The interface it implements.</typeparam>
public sealed class Extension<T>
    where T : class
{
    private const string Reason = "A trimmed program refuses before it gets here.";

    private readonly object _gate = new();
    private T? _value;

    /// <summary>Names an extension; nothing is loaded yet.</summary>
    /// <param name="name">Name of its folder and assembly, such as NanoBanana.Imaging.</param>
    /// <param name="dependencies">Full path of the folder that holds extensions; null for <c>Dependencies/</c> beside
    /// this library.</param>
    public Extension(string name, string? dependencies = null)
    {
        Name = name;
        dependencies ??= Path.Combine(FolderOf(typeof(T).Assembly), "Dependencies");
        Location = Path.Combine(dependencies, name, name + ".dll");
    }

    /// <summary>Name of its folder and assembly.</summary>
    public string Name { get; }

    /// <summary>What can be typed instead when it is not installed; null when there is nothing.</summary>
    public string? Instead { get; init; }

    /// <summary>Full path of its assembly, installed or not.</summary>
    public string Location { get; }

    /// <summary>Whether it is installed. Checks the file only; a program compiled ahead of time cannot load
    /// extensions.</summary>
    public bool IsInstalled => RuntimeFeature.IsDynamicCodeSupported && File.Exists(Location);

    /// <summary>Its implementation.</summary>
    /// <exception cref="NbException">It is not installed (Nb.Extension.Missing) or cannot be loaded
    /// (Nb.Extension.Broken).</exception>
    public T Value
    {
        get
        {
            lock (_gate) return _value ??= Load();
        }
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in one file, and told apart.")]
    private static string FolderOf(Assembly assembly) =>
        assembly.Location is { Length: > 0 } location ? Path.GetDirectoryName(location)! : AppContext.BaseDirectory;

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Reason)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Reason)]
    private T Load()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) throw ExtensionErrors.NotHere(Name, Instead);
        if (!IsInstalled) throw ExtensionErrors.Missing(Name, Location, Instead);
        try
        {
            Assembly assembly = new ExtensionLoadContext(Location).LoadFromAssemblyPath(Location);
            Type type = assembly.GetExportedTypes().Single(type => type.IsClass && typeof(T).IsAssignableFrom(type));
            return (T)Activator.CreateInstance(type)!;
        }
        catch (Exception e)
            when (e is IOException or BadImageFormatException or TypeLoadException or ReflectionTypeLoadException
            or InvalidOperationException or MissingMethodException or TargetInvocationException)
        {
            throw ExtensionErrors.Broken(Name, Location, e);
        }
    }
}
