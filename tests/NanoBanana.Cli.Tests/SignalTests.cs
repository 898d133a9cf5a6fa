using System.Diagnostics;
using System.Globalization;
using NanoBanana.Emulator;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Cli.Tests;

/// <summary>Signals to single commands: asked once, they save what is in flight and say so; asked twice, they drop
/// it.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(0, "", "INT")]
    // The end of a session sends both.
    [InlineData(0, "", "HUP", "TERM")]
    [InlineData(1, "may have been billed", "TERM", "TERM")]
    public async Task An_image_in_flight_is_saved_unless_it_is_dropped_on_purpose(
        int code, string said, params string[] signals)
    {
        if (OperatingSystem.IsWindows()) return;
        using var service = new EmulatorService(new EmulatorOptions
        {
            // What is dropped would never have come.
            Latency = code == 0 ? TimeSpan.FromSeconds(2) : TimeSpan.FromHours(1),
        });
        await using EmulatorServer server = EmulatorServer.Start(service);
        string folder = Directory.CreateTempSubdirectory("nb-signal-").FullName;
        string picture = Path.Combine(folder, "fox.jpg");
        using Process run = NbServer.Run("image", "a fox", "--out", picture, "--base-uri", $"{server.BaseUri}");
        Task<string> output = run.StandardOutput.ReadToEndAsync();
        await service.Journal.WaitForAsync(entry =>
            entry.Path.EndsWith(":generateContent", StringComparison.Ordinal));
        string error = "";
        foreach (string signal in signals)
        {
            using var kill = Process.Start("kill", ["-" + signal, run.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            // The next one is another signal only once this one was taken.
            if (code == 1) error += await run.StandardError.ReadLineAsync();
        }
        error += await run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync();
        await output;
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Equal(code == 0, File.Exists(picture));
        Directory.Delete(folder, recursive: true);
    }
}
