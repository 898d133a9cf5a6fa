using System.Diagnostics;

namespace NanoBanana.Tests.Batches;

/// <summary>A fact that needs a disk of its own, and is skipped with the reason where none may be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(WhyNot);

    public SmallDiskFactAttribute() => Skip = Reason.Value;

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux()) return "Small disks are mounted on Linux only.";
        using var folder = new TemporaryFolder();
        string? trouble = SmallDisk.Run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.Path);
        if (trouble is null) SmallDisk.Run("umount", folder.Path);
        return trouble is null ? null : $"This process may not mount a small disk: {trouble}";
    }
}

/// <summary>A disk of so many bytes on a folder, unmounted after the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, string size)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Demand("mount", "-t", "tmpfs", "-o", $"size={size}", "none", folder);
    }

    public void Remount(string options) => Demand("mount", "-o", $"remount,{options}", _folder);

    public void Dispose() => Demand("umount", "-l", _folder);

    /// <summary>Runs a program; null when it succeeded.</summary>
    public static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said.Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }

    private static void Demand(string program, params string[] arguments) => Assert.Null(Run(program, arguments));
}
