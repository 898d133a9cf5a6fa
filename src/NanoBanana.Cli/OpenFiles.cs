using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NanoBanana.Cli;

/// <summary>Checks how many files this process may have open. .NET keeps two open for each library; with too few, the
/// process would fail in the middle of a run, after something was paid for.</summary>
internal static class OpenFiles
{
    // A live run with 32 parallel requests needs about 150.
    private const ulong Plenty = 256;

    // Files needed by .NET and a run, without those of the libraries.
    private const ulong Base = 40;

    // A connection, the file for its answer, and a file written beside it.
    private const ulong OfEach = 3;

    private static readonly object Turn = new();

    /// <summary>The number of parallel requests that the file limit allows.</summary>
    public static int MostParallel { get; private set; } = int.MaxValue;

    /// <summary>Adapts to the file limit. Called before anything else is loaded, because that needs files
    /// too.</summary>
    /// <returns>The error when there are too few; null when there are enough.</returns>
    public static string? Prepare()
    {
        int files = OperatingSystem.IsMacOS() ? 8 : 7;
        if (OperatingSystem.IsWindows() || GetLimit(files, out Limit limit) != 0 || limit.Soft >= Plenty) return null;
        ulong least = OperatingSystem.IsLinux() ? Base + (2 * OfEach) : Plenty;
        if (limit.Soft < least)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"error: This process may have {limit.Soft} files open, and nb needs {least}. Nothing was sent.\n  ulimit -n {Plenty}");
        }
        MostParallel = (int)((limit.Soft - Base) / OfEach);
        LetGo((int)limit.Soft);
        AppDomain.CurrentDomain.AssemblyLoad += (_, _) => LetGo((int)limit.Soft);
        return null;
    }

    // A mapped library stays in memory when its file is closed. Only files of loaded libraries are closed, because
    // another thread may be loading the next one.
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "One file has no libraries to let go of.")]
    private static void LetGo(int limit)
    {
        lock (Turn)
        {
            var loaded = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic)
                .Select(assembly => assembly.Location).ToHashSet(StringComparer.Ordinal);
            for (int file = 3; file < limit; file++)
            {
                string? name = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file}"))
                    .LinkTarget;
                if (name is not null && loaded.Contains(name)) _ = Close(file);
            }
        }
    }

    // rlim_t has 64 bits on every system that .NET runs on.
    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
