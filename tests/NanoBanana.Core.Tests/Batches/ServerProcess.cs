using System.Diagnostics;
using System.Text.Json;

namespace NanoBanana.Tests.Batches;

/// <summary><c>nb serve</c> in a process of its own: what it counts is told by nobody who is tested.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private ServerProcess(Process process, Uri baseUri)
    {
        _process = process;
        BaseUri = baseUri;
        _http = new HttpClient { BaseAddress = baseUri };
    }

    public Uri BaseUri { get; }

    public static async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "nb.dll"), "serve", "--port", "0", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync();
        if (line is null) throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        return new ServerProcess(process, new Uri(line.Split(' ')[2]));
    }

    /// <summary>How many answers are on the bill.</summary>
    public Task<int> BilledAsync() => CountAsync("billedGenerations");

    /// <summary>How many pictures are on the bill.</summary>
    public Task<int> BilledImagesAsync() => CountAsync("billedImages");

    private async Task<int> CountAsync(string name)
    {
        using JsonDocument statistics = JsonDocument.Parse(await _http.GetStringAsync(new Uri("emulator/statistics",
            UriKind.Relative)));
        return statistics.RootElement.GetProperty(name).GetInt32();
    }

    /// <summary>What was asked for by generateContent, and what was sent for it.</summary>
    public async Task<IReadOnlyList<SentAnswer>> SentAsync()
    {
        using JsonDocument journal = JsonDocument.Parse(await _http.GetStringAsync(new Uri("emulator/journal",
            UriKind.Relative)));
        return
        [
            .. from entry in journal.RootElement.GetProperty("entries").EnumerateArray()
               where entry.GetProperty("path").GetString()!.EndsWith(":generateContent", StringComparison.Ordinal)
               select new SentAnswer(
                   entry.GetProperty("body").GetProperty("contents")[0].GetProperty("parts")[0].GetProperty("text")
                       .GetString()!,
                   [.. entry.GetProperty("imageHashes").EnumerateArray().Select(hash => hash.GetString()!)],
                   entry.GetProperty("isBilled").GetBoolean(), entry.GetProperty("isDelivered").GetBoolean()),
        ];
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
