using System.Globalization;
using System.Runtime.InteropServices;

namespace NanoBanana.Cli;

/// <summary>How many files this process may have open. .NET keeps two for each of its libraries: with too few it ends
/// in the middle of a run, after something was paid for.</summary>
internal static class OpenFiles
{
    // A live run of 32 at once takes some 150.
    private const ulong Least = 256;

    /// <summary>Why nothing is begun; null when there are enough.</summary>
    public static string? Refusal()
    {
        int files = OperatingSystem.IsMacOS() ? 8 : 7;
        if (OperatingSystem.IsWindows() || GetLimit(files, out Limit limit) != 0) return null;
        return limit.Soft >= Least ? null : string.Create(CultureInfo.InvariantCulture,
            $"error: This process may have {limit.Soft} files open, and nb needs {Least}. Nothing was sent.\n  ulimit -n {Least}");
    }

    // rlim_t has 64 bits on every system that .NET runs on.
    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
