using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security;

namespace NanoBanana.PowerShell;

/// <summary>A web route that runs as a separate process: <c>nb web</c>. It ends with this shell in any case.</summary>
public sealed class NbWeb : IDisposable
{
    private const int MostLines = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri?> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NbWeb(Process process, string destination, SecureString? token)
    {
        _process = process;
        Destination = destination;
        Token = token;
        StartedAt = DateTimeOffset.Now;
    }

    /// <summary>The address for pages and programs.</summary>
    public Uri? BaseUri { get; private set; }

    /// <summary>The bearer token that every request must send; null when none is needed, or when each client has its
    /// own.</summary>
    public SecureString? Token { get; }

    /// <summary>Full path of the folder of its images.</summary>
    public string Destination { get; }

    /// <summary>Whether it still answers.</summary>
    public bool IsRunning => !IsEnding && !_process.HasExited;

    /// <summary>Id of its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The last lines of its error output.</summary>
    public IReadOnlyList<string> Log => [.. _lines];

    private bool IsEnding { get; set; }

    /// <summary>Stops it; its process first finishes and saves what is in flight.</summary>
    public void Dispose()
    {
        if (IsEnding) return;
        IsEnding = true;
        _process.StandardInput.Close();
    }

    /// <inheritdoc/>
    public override string ToString() => BaseUri?.ToString() ?? "not listening";

    /// <summary>Starts it.</summary>
    /// <param name="start">The program to start; its streams are redirected to this object.</param>
    /// <param name="destination">Full path of its folder.</param>
    /// <param name="token">The token; null for none.</param>
    internal static NbWeb Start(ProcessStartInfo start, string destination, SecureString? token)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var web = new NbWeb(new Process { StartInfo = start, EnableRaisingEvents = true }, destination, token);
        web._process.OutputDataReceived += (_, line) => web.OnOutput(line.Data);
        web._process.ErrorDataReceived += (_, line) => web.Keep(line.Data);
        web._process.Start();
        web._process.BeginOutputReadLine();
        web._process.BeginErrorReadLine();
        return web;
    }

    /// <summary>Waits until it listens.</summary>
    /// <returns>Whether it listens; otherwise it has ended, and <see cref="Log"/> says why.</returns>
    internal async Task<bool> ListenAsync(CancellationToken stopped)
    {
        BaseUri = await _listening.Task.WaitAsync(stopped).ConfigureAwait(false);
        if (BaseUri is not null) return true;
        // Its last lines arrive before this ends.
        await _process.WaitForExitAsync(stopped).ConfigureAwait(false);
        return false;
    }

    /// <summary>Waits until it has ended.</summary>
    internal async Task<bool> EndAsync(CancellationToken stopped)
    {
        Dispose();
        await _process.WaitForExitAsync(stopped).ConfigureAwait(false);
        return true;
    }

    // Null means that the stream has ended, and with it the process.
    private void OnOutput(string? line)
    {
        if (line is null) _listening.TrySetResult(null);
        else if (line.Split(' ')[^1] is var last && Uri.TryCreate(last, UriKind.Absolute, out Uri? address))
        {
            _listening.TrySetResult(address);
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        if (_lines.Count > MostLines) _lines.TryDequeue(out _);
    }
}
