using System.Diagnostics;

namespace NanoBanana.Cli.Tests;

/// <summary>A program that was run to its end.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it wrote to the error stream.</param>
internal sealed record ProgramRun(int Code, string Output, string Error)
{
    /// <summary>Runs a program.</summary>
    /// <param name="start">The program; both streams are read.</param>
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramRun(process.ExitCode, output, await error);
    }

    /// <summary>What a program wrote that has to succeed.</summary>
    public static async Task<string> OutputAsync(ProcessStartInfo start)
    {
        ProgramRun run = await OfAsync(start);
        Assert.True(run.Code == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}\n{run.Output}\n{run.Error}");
        return run.Output;
    }
}
