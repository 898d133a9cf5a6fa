using System.Diagnostics;
using System.Globalization;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Batches;

/// <summary>A result file of gigabytes, received by a process of its own. NB_LARGE_ITEMS says how many items of about
/// 20 MB (100 make 2 GB).</summary>
public sealed class LargeResultTests(ITestOutputHelper output)
{
    private const long MostMemory = 150L * 1024 * 1024;

    [LargeFact]
    public async Task Memory_does_not_grow_with_the_result_file()
    {
        int items = int.Parse(LargeFactAttribute.Setting!, CultureInfo.InvariantCulture);
        using var fixture =
            new EmulatorFixture(
            new EmulatorOptions { Big = true, BatchPending = TimeSpan.Zero, BatchRunning = TimeSpan.Zero });
        await using EmulatorServer server = EmulatorServer.Start(fixture.Emulator);
        string manifest = fixture.Write("manifest.json", EmulatorFixture.Many(items));
        using Process run = KillTests.Start(manifest, fixture.Destination, server.BaseUri, "--mode", "batch");
        Task<string> said = run.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!run.WaitForExit(100)) peak = Math.Max(peak, PeakOf(run.Id));
        Assert.True(run.ExitCode == 0, await said);
        long received = Directory.GetFiles(fixture.Destination, "*.jpg").Sum(file => new FileInfo(file).Length);
        output.WriteLine(
            FormattableString.Invariant(
            $"{items} items, {Readable.Bytes(received * 4 / 3)} of results, peak {Readable.Bytes(peak)}"));
        Assert.Equal(items, fixture.Billed);
        Assert.InRange(peak, 1, MostMemory);
    }

    // The most it ever held, by the kernel's own count; it is gone with the process.
    private static long PeakOf(int process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}

/// <summary>A fact that takes gigabytes and a minute: only where somebody asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LargeFactAttribute : FactAttribute
{
    public LargeFactAttribute() => Skip =
        !OperatingSystem.IsLinux() ? "It asks Linux for the peak of a process."
        : Setting is null ? "Set NB_LARGE_ITEMS, such as 130, to run it."
        : null;

    /// <summary>How many items; null when nobody asks.</summary>
    public static string? Setting => Environment.GetEnvironmentVariable("NB_LARGE_ITEMS");
}
