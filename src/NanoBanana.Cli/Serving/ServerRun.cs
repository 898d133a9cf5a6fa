using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace NanoBanana.Cli.Serving;

/// <summary>Runs a server until somebody stops it.</summary>
internal static class ServerRun
{
    /// <summary>Serves; Ctrl+C, SIGTERM and the end of its terminal end it, once what is in flight is saved. Asked a
    /// second time, it ends at once.</summary>
    /// <param name="serve">Does it until its token is canceled.</param>
    /// <param name="endsWithInput">Whether it belongs to who started it: it ends with standard input, however that
    /// process ends, and Ctrl+C in their terminal is not for it.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task> serve, bool endsWithInput = false)
    {
        using var stopping = new CancellationTokenSource();
        Hangup.Expect();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        if (endsWithInput) _ = Task.Run(AwaitEndOfInput);
        try
        {
            await serve(stopping.Token).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (NbException e)
        {
            new Printer().Error(e);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success;
        }

        void Stop(PosixSignalContext signal)
        {
            bool isHangup = signal.Signal == PosixSignal.SIGHUP;
            if (endsWithInput && signal.Signal == PosixSignal.SIGINT)
            {
                signal.Cancel = true;
                return;
            }
            if (isHangup) Hangup.FallSilent();
            signal.Cancel = isHangup || !stopping.IsCancellationRequested;
            stopping.Cancel();
        }

        void AwaitEndOfInput()
        {
            using Stream input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // What it says means nothing.
            }
            try
            {
                stopping.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended already.
            }
        }
    }

    /// <summary>Starts to listen, says where, and goes on until it is stopped.</summary>
    /// <param name="app">The server.</param>
    /// <param name="path">What its addresses begin with, for the line that says where.</param>
    /// <param name="port">The port it was told to use.</param>
    /// <param name="stopping">Canceled when it is to stop.</param>
    /// <exception cref="NbException">The port cannot be used.</exception>
    public static async Task ListenAsync(WebApplication app, string path, int port, CancellationToken stopping)
    {
        try
        {
            await app.StartAsync(stopping).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new NbException("Nb.Server.PortTaken", NbErrorKind.ResourceUnavailable,
                $"Port {port} cannot be used: {e.GetBaseException().Message}", "Choose another (--port).", e);
        }
        Console.Out.WriteLine($"Listening on {app.Urls.First()}{path}");
        await app.WaitForShutdownAsync(stopping).ConfigureAwait(false);
    }
}
