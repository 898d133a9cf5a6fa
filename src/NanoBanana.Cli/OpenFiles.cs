using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NanoBanana.Cli;

/// <summary>How many files this process may have open. .NET keeps two for each of its libraries: with too few it would
/// end in the middle of a run, after something was paid for.</summary>
internal static class OpenFiles
{
    // A live run of 32 at once takes some 150.
    private const ulong Plenty = 256;

    // Without those of the libraries, what .NET and a run themselves need.
    private const ulong Base = 40;

    // A connection, the file its answer arrives in, and one that is written beside it.
    private const ulong OfEach = 3;

    private static readonly object Turn = new();

    /// <summary>Most requests in flight at once that there are files for.</summary>
    public static int MostParallel { get; private set; } = int.MaxValue;

    /// <summary>Makes do with what there is. Before anything else is loaded, which takes files too.</summary>
    /// <returns>Why nothing is begun; null when there are enough.</returns>
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

    // What is mapped into memory stays there when its file is closed. Only of libraries that are loaded: another
    // thread may be in the middle of the next one.
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
