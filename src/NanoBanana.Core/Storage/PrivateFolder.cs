using System.Runtime.InteropServices;

namespace NanoBanana.Storage;

/// <summary>Folders in a place where others may write too, used only if they belong to this user.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // S_IFMT, S_IFDIR, and the write bits of group and others.
    private const int TypeMask = 0xF000;
    private const int IsFolder = 0x4000;
    private const int OthersWrite = 0x12;

    /// <summary>Makes the folder unless it is there.</summary>
    /// <returns>Whether it is this user's own.</returns>
    public static bool TryMake(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else if (!Path.Exists(path)) Directory.CreateDirectory(path, OnlyOwner);
            return IsOwn(path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            return false;
        }
    }

    /// <summary>Whether a path is a folder and not a link, belongs to this user, and no other user may write in
    /// it.</summary>
    /// <remarks>On Windows the temporary directory is the user's own.</remarks>
    public static bool IsOwn(string path)
    {
        if (OperatingSystem.IsWindows()) return Directory.Exists(path);
        try
        {
            // .NET has no API for the owner. This is the runtime's own native call; its result begins with flags, mode
            // and owner.
            int[] status = new int[64];
            return LStat(path, status) == 0 && (status[1] & TypeMask) == IsFolder && (status[1] & OthersWrite) == 0
                && (uint)status[2] == EffectiveUser();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_LStat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int LStat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] int[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
