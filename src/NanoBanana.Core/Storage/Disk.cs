using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NanoBanana.Storage;

/// <summary>Flushes files and file names to disk, so that they survive a power cut.</summary>
/// <remarks>
/// A file is flushed before it gets its name, and its folder after that, before anything else names the file.
/// Linux: fsync of file and folder; any error that tells of lost data (EIO, ENOSPC, EDQUOT) is thrown, which
/// FileStream.Flush(true) does not
/// promise. What the device does with its own cache is up to the device and its mount options.
/// macOS: .NET's own flush, which asks the device to empty its cache too (F_FULLFSYNC); folders by fsync.
/// Windows: FlushFileBuffers for files; NTFS keeps names in its journal, and folders cannot be flushed.
/// </remarks>
internal static class Disk
{
    /// <summary>Whether an exception is an error of the disk or of its permissions.</summary>
    public static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException;

    private const int Interrupted = 4;

    // EBADF, EACCES, EINVAL, EROFS, and ENOTSUP of Linux and macOS: there is nothing to flush, or no way to.
    private static readonly int[] Unsupported = [9, 13, 22, 30, 45, 95];

    private static readonly ConcurrentDictionary<string, SharedTurn> Turns = new(StringComparer.Ordinal);

    /// <summary>For tests: called at every flush and rename, in order, with what was done, the full path, and the name
    /// before a rename.</summary>
    internal static event Action<DiskStep, string, string?>? Done;

    /// <summary>Opens a file for reading. A file without a length is not opened, because opening a pipe or device could
    /// block forever.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static Stream OpenRead(string path) => HasNoBytes(path) ? new MemoryStream([], writable: false)
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads a whole file. A pipe or a device counts as empty.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="most">Largest accepted size in bytes, because a file may come from anybody.</param>
    /// <exception cref="IOException">It is missing, longer, or cannot be read.</exception>
    public static byte[] ReadBytes(string path, int most)
    {
        if (HasNoBytes(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (stream.Length > most) throw TooLong(most);
        byte[] bytes = new byte[stream.Length];
        // It may have become shorter meanwhile; bytes added meanwhile are not read.
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    private static IOException TooLong(int most) => new(string.Create(CultureInfo.InvariantCulture,
        $"It has more than the {most / (1024 * 1024)} MB that such a file may have."));

    /// <summary>Whether a file is empty, a pipe, a device or a socket, without opening it.</summary>
    /// <param name="path">Full path; a link counts as what it leads to.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    public static bool HasNoBytes(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
        {
            file = target;
        }
        return file.Length == 0;
    }

    /// <summary>Opens a file as a lock; the system holds the lock while it is open.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="mode">Whether to create it.</param>
    /// <param name="access">To read or to write.</param>
    /// <param name="share">Who else may open it.</param>
    /// <exception cref="IOException">Another process holds it, or it is a pipe, which would block.</exception>
    public static FileStream OpenLock(string path, FileMode mode, FileAccess access, FileShare share)
    {
        if (IsPipe(path)) throw new IOException("It is a pipe.");
        return new FileStream(path, mode, access, share, bufferSize: 1);
    }

    private static bool IsPipe(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return false;
        int descriptor = Open(path, OperatingSystem.IsLinux() ? 0x800 : 4);
        if (descriptor < 0) return false;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return !stream.CanSeek;
    }

    /// <summary>Flushes a file that is open for writing.</summary>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public static void Flush(FileStream stream)
    {
        stream.Flush(flushToDisk: !OperatingSystem.IsLinux());
        if (OperatingSystem.IsLinux()) Synchronize(stream.SafeFileHandle, stream.Name);
        Done?.Invoke(DiskStep.FlushFile, stream.Name, null);
    }

    /// <summary>Flushes a file that was written and closed.</summary>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public static void FlushFile(string path)
    {
        using var stream =
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0);
        Flush(stream);
    }

    /// <summary>Renames a flushed file. The name is permanent once its folder is flushed.</summary>
    public static void Move(string from, string to, bool overwrite)
    {
        File.Move(from, to, overwrite);
        Done?.Invoke(DiskStep.Rename, to, from);
    }

    /// <summary>Flushes the names in a folder. Callers at the same time share one flush.</summary>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        Turns.GetOrAdd(folder, _ => new SharedTurn()).Run(() =>
        {
            // A folder must be opened read-only, and FileStream cannot open folders.
            int descriptor = Open(folder, 0);
            if (descriptor < 0) throw Refused(folder, Marshal.GetLastPInvokeError());
            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            Synchronize(handle, folder);
        });
        Done?.Invoke(DiskStep.FlushFolder, folder, null);
    }

    /// <summary>Creates a folder and its parents, and flushes their names.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="later">Flushes the new names with others; null to flush them now.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void CreateFolder(string folder, FlushSet? later = null)
    {
        if (Directory.Exists(folder)) return;
        string? holder = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(holder)) CreateFolder(holder, later);
        Directory.CreateDirectory(folder);
        if (string.IsNullOrEmpty(holder)) return;
        if (later is null) FlushFolder(holder);
        else later.AddFolder(holder);
    }

    /// <summary>Deletes a file. Its name may reappear after a power cut.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        Done?.Invoke(DiskStep.Delete, path, null);
    }

    private static void Synchronize(SafeFileHandle file, string path)
    {
        while (FSync(file) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Interrupted) continue;
            if (!Unsupported.Contains(error)) throw Refused(path, error);
            return;
        }
    }

    private static IOException Refused(string path, int error) =>
        new($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'", error);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
