using System.Globalization;
using System.Text.Json;
using NanoBanana.Emulator.Files;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Journal;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>Controls the emulator from other processes (/emulator/...): journal, statistics, clock.</summary>
internal sealed class ControlEndpoint(
    EmulatorOptions options, EmulatorClock clock, EmulatorJournal journal, StatisticsCounter counter,
        LinkedPictures links)
{
    private const int MaxBody = 64 * 1024;

    public static bool Owns(EmulatorRequest request) =>
        request.Path.StartsWith("/emulator/", StringComparison.Ordinal);

    public async Task<EmulatorResponse?> HandleAsync(EmulatorRequest request, CancellationToken cancellationToken)
    {
        // The address is enough to see the picture, as with links of a real model.
        if (request.Method == "GET" && links.Find(request.Path) is { } picture)
        {
            return EmulatorResponse.Bytes(200, picture.MimeType, picture.Bytes);
        }
        KeyCheck.CheckControl(request, options);
        switch (request.Method, request.Path)
        {
            case ("GET", "/emulator/statistics"):
                return EmulatorResponse.Json(200, ToWire(counter.Snapshot()));
            case ("GET", "/emulator/journal"):
                int after = int.TryParse(
                    request.Query.GetValueOrDefault("after"), NumberStyles.None, CultureInfo.InvariantCulture,
                        out int number) ? number : 0;
                return EmulatorResponse.Json(200, new WireObject
                {
                    { "entries", journal.Entries.Where(entry => entry.Number > after).Select(ToWire).ToArray() },
                });
            case ("DELETE", "/emulator/journal"):
                journal.Clear();
                return EmulatorResponse.Json(200, new WireObject());
            case ("POST", "/emulator/clock"):
                Advance(await ReadTimeAsync(request, cancellationToken).ConfigureAwait(false));
                return EmulatorResponse.Json(200, new WireObject
                {
                    { "now", clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) },
                });
            default:
                return null;
        }
    }

    private void Advance(TimeSpan time)
    {
        try
        {
            clock.Advance(time);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ServiceException.InvalidArgument("The clock goes forward only, and not beyond a thousand years.");
        }
    }

    // {"advance": "49:00:00"} or {"seconds": 120}
    private static async Task<TimeSpan> ReadTimeAsync(EmulatorRequest request, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = await RequestContext.ReadBodyAsync(request, MaxBody, cancellationToken)
                .ConfigureAwait(false);
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("seconds", out JsonElement seconds))
            {
                return TimeSpan.FromSeconds(seconds.GetDouble());
            }
            string[] words = root.GetProperty("advance").GetString()!.Split(':');
            return TimeSpan.FromHours(int.Parse(words[0], CultureInfo.InvariantCulture))
                + TimeSpan.FromMinutes(int.Parse(words[1], CultureInfo.InvariantCulture))
                + TimeSpan.FromSeconds(double.Parse(words[2], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException or IndexOutOfRangeException
            or ArgumentException)
        {
            throw ServiceException.InvalidArgument("Send {\"seconds\": 120} or {\"advance\": \"49:00:00\"}.");
        }
    }

    private static WireObject ToWire(EmulatorStatistics statistics)
    {
        WireObject faults = [];
        foreach ((string name, int count) in statistics.Faults) faults.Add(name, count);
        return new WireObject
        {
            { "requests", statistics.Requests },
            { "billedGenerations", statistics.BilledGenerations },
            { "billedUndelivered", statistics.BilledUndelivered },
            { "batchGenerations", statistics.BatchGenerations },
            { "billedImages", statistics.BilledImages },
            { "billedSearches", statistics.BilledSearches },
            { "billedUsd", statistics.BilledUsd },
            { "errors", statistics.Errors },
            { "faults", faults },
        };
    }

    private static WireObject ToWire(JournalEntry entry)
    {
        WireObject wire = new()
        {
            { "number", entry.Number },
            { "receivedAt", entry.ReceivedAt.ToString("O", CultureInfo.InvariantCulture) },
            { "method", entry.Method },
            { "path", entry.Path },
            { "query", ToWire(entry.Query) },
            { "headers", ToWire(entry.Headers) },
            { "bodyLength", entry.BodyLength },
            { "status", entry.Status },
            { "faults", entry.Faults },
            { "isBilled", entry.IsBilled },
            { "isReplaced", entry.IsReplaced },
            { "isDelivered", entry.IsDelivered },
            { "images", entry.Images },
            { "imageHashes", entry.ImageHashes },
        };
        wire.AddIfAny("error", entry.Error);
        wire.AddIfAny("store", entry.Store);
        if (entry.Body is { } body)
        {
            using JsonDocument document = JsonDocument.Parse(body);
            wire.Add("body", document.RootElement.Clone());
        }

        return wire;
    }

    private static WireObject ToWire(IReadOnlyDictionary<string, string> values)
    {
        WireObject wire = [];
        foreach ((string name, string value) in values) wire.Add(name, value);
        return wire;
    }
}
