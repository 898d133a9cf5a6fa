using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace NanoBanana.Cli.Serving;

/// <summary>Runs a server until it is stopped.</summary>
internal static class ServerRun
{
    /// <summary>Serves until Ctrl+C, SIGTERM or the end of the terminal; images in flight are saved first. A second
    /// signal ends it at once.</summary>
    /// <param name="serve">Runs the server until its token is canceled.</param>
    /// <param name="endsWithInput">Whether the server belongs to the process that started it: it ends with standard
    /// input, and ignores Ctrl+C in that terminal.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task> serve, bool endsWithInput = false)
    {
        using var stopping = new CancellationTokenSource();
        using var signals = new EndSignals(Say, stopping.Cancel, endsWithInput);
        if (endsWithInput) _ = Task.Run(AwaitEndOfInput);
        try
        {
            Task serving = serve(stopping.Token);
            Task aborted = Task.Delay(Timeout.Infinite, signals.Aborted);
            if (await Task.WhenAny(serving, aborted).ConfigureAwait(false) == serving)
            {
                await serving.ConfigureAwait(false);
                return ExitCode.Success;
            }
            new Printer().Warn("Aborted: requests in flight may have been billed.");
            return ExitCode.SomeFailed;
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

        // Standard output may belong to the protocol.
        static void Say(string text) => Console.Error.WriteLine(text);

        void AwaitEndOfInput()
        {
            using Stream input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
                // The content of standard input is ignored.
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

    /// <summary>Starts to listen, prints the address, and runs until it is stopped.</summary>
    /// <param name="app">The server.</param>
    /// <param name="path">The path of its addresses, for the printed line.</param>
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
