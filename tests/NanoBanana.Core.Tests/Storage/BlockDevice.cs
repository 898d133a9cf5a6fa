using NanoBanana.Tests.Batches;

namespace NanoBanana.Tests.Storage;

/// <summary>A fact that needs a block device of its own with a file system, and is skipped with the reason where none
/// can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BlockDeviceFactAttribute : FactAttribute
{
    public BlockDeviceFactAttribute(string fileSystem)
    {
        Skip = WhyNot(fileSystem);
    }

    // Once for all, as small as can be: this is asked whenever tests are listed.
    private static readonly Lazy<string?> LoopTrouble = new(() =>
    {
        using var folder = new TemporaryFolder();
        try
        {
            using var device = new BlockDevice(folder["disk"], "ext4", 4 * 1024 * 1024);
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    });

    private static string? WhyNot(string fileSystem)
    {
        if (!OperatingSystem.IsLinux()) return "Loop devices are of Linux.";
        if (!Environment.IsPrivilegedProcess) return "Only root may mount a file system.";
        string type = fileSystem.Split(':')[0];
        if (!new[] { "/usr/sbin", "/sbin" }.Any(folder => File.Exists($"{folder}/mkfs.{type}")))
        {
            return $"mkfs.{type} is not installed.";
        }
        if (!File.ReadAllLines("/proc/filesystems").Contains('\t' + type)) return $"The kernel has no {type}.";
        return LoopTrouble.Value is { } trouble ? $"No file system on a loop device here: {trouble}" : null;
    }
}

/// <summary>A file as a block device with a file system on it, mounted, and gone after the test.</summary>
internal sealed class BlockDevice : IDisposable
{
    // The least that mkfs.xfs takes; the file is sparse.
    private const long Length = 320L * 1024 * 1024;

    private readonly string _image;

    /// <summary>Makes a file system and mounts it.</summary>
    /// <param name="image">Path of the file; the folder beside it, with .d, is where it is mounted.</param>
    /// <param name="fileSystem">Its name, and options of mount behind a colon.</param>
    /// <param name="length">Bytes.</param>
    /// <exception cref="IOException">It cannot be made or mounted.</exception>
    public BlockDevice(string image, string fileSystem, long length = Length)
    {
        string[] parts = fileSystem.Split(':');
        _image = image;
        using (FileStream file = File.Create(image)) file.SetLength(length);
        Demand($"mkfs.{parts[0]}", "-q", image);
        Mount(parts[0], parts.ElementAtOrDefault(1));
    }

    private BlockDevice(string image, string fileSystem, bool isCopy)
    {
        _image = image;
        // Both are there at once, and XFS tells its file systems apart by their id.
        string type = fileSystem.Split(':')[0];
        Assert.True(isCopy);
        Mount(type, type == "xfs" ? "nouuid" : null);
    }

    public string Folder => _image + ".d";

    /// <summary>Copies a device as it is at this moment, as if the power were cut.</summary>
    /// <param name="to">Path of the copy.</param>
    public void CopyTo(string to)
    {
        // Nothing below the file system may be written while it is copied: else the copy is of no moment.
        string second = to + ".second";
        do
        {
            Demand("cp", "--sparse=always", _image, second);
            Demand("cp", "--sparse=always", _image, to);
        }
        while (SmallDisk.Run("cmp", "-s", to, second) is not null);
        File.Delete(second);
    }

    /// <summary>Mounts a copy of a device, which repairs it by its journal.</summary>
    public static BlockDevice OfCopy(string image, string fileSystem) => new(image, fileSystem, isCopy: true);

    public void Dispose()
    {
        SmallDisk.Run("umount", "-l", Folder);
        Directory.Delete(Folder);
        File.Delete(_image);
    }

    private static void Demand(string program, params string[] arguments)
    {
        if (SmallDisk.Run(program, arguments) is { } trouble) throw new IOException(trouble);
    }

    private void Mount(string type, string? options)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            Demand("mount", "-t", type, "-o", options is null ? "loop" : $"loop,{options}", _image, Folder);
        }
        catch
        {
            Directory.Delete(Folder);
            throw;
        }
    }
}
