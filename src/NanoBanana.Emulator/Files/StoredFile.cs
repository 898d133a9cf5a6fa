using System.Globalization;
using System.Text;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Files;

/// <summary>One file of the Files API.</summary>
internal sealed record StoredFile
{
    public required string Id { get; init; }
    public string? DisplayName { get; init; }
    public required string MimeType { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Expires { get; init; }
    public required Spool Content { get; init; }

    /// <summary>True for a batch's result. Only those can be downloaded, and only those break the 40-character
    /// limit.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>When it can be used and fetched; the service needs time for some files.</summary>
    public DateTimeOffset Ready { get; init; }

    /// <summary>Whether it can never be used.</summary>
    public bool HasFailed { get; init; }

    public string State(DateTimeOffset now) => now < Ready ? "PROCESSING" : HasFailed ? "FAILED" : "ACTIVE";

    public WireObject ToWire(Uri baseUri, string version, DateTimeOffset now)
    {
        string uri = new Uri(baseUri, $"{version}/files/{Id}").ToString();
        WireObject wire = new() { { "name", $"files/{Id}" } };
        wire.AddIfAny("displayName", DisplayName);
        wire.Add("mimeType", MimeType);
        wire.Add("sizeBytes", Content.Length.ToString(CultureInfo.InvariantCulture));
        wire.Add("createTime", Rfc3339(Created));
        wire.Add("updateTime", Rfc3339(Created));
        wire.Add("expirationTime", Rfc3339(Expires));

        // The service encodes the hex digits, not the hash.
        wire.Add("sha256Hash", Convert.ToBase64String(Encoding.ASCII.GetBytes(Content.Hash)));
        wire.Add("uri", uri);
        if (IsGenerated) wire.Add("downloadUri", $"{uri}:download?alt=media");
        wire.Add("state", State(now));
        if (State(now) == "FAILED")
        {
            wire.Add("error", new WireObject { { "code", 13 }, { "message", "The file could not be processed." } });
        }
        wire.Add("source", IsGenerated ? "GENERATED" : "UPLOADED");
        return wire;
    }

    public static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
