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
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signals = new EndSignals(stopping.Cancel, () => aborted.TrySetResult(), Say, endsWithInput);
        if (endsWithInput) _ = Task.Run(AwaitEndOfInput);
        try
        {
            Task serving = serve(stopping.Token);
            if (await Task.WhenAny(serving, aborted.Task).ConfigureAwait(false) == serving)
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

        // Standard output may be the protocol's.
        static void Say(string text) => Console.Error.WriteLine(text);

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
