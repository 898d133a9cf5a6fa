using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Reviews;

/// <summary>The reviews of the pictures in a folder, from its review.json. Names are those of the batch's items, or of
/// files if there is no batch.</summary>
internal sealed record Review
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "review.json";

    /// <summary>Largest size of a review file in bytes, more than any real one has.</summary>
    public const int MostBytes = 16_000_000;

    private const string Mark = "$review";

    /// <summary>The reviews, by name of the item.</summary>
    public ImmutableSortedDictionary<string, PictureReview> Items { get; init; } =
        ImmutableSortedDictionary.Create<string, PictureReview>(StringComparer.Ordinal);

    /// <summary>The review of a folder; an empty one if there is none.</summary>
    /// <param name="folder">Full path; null for no folder.</param>
    /// <exception cref="NbException">It cannot be read.</exception>
    public static Review Of(string? folder)
    {
        if (folder is null) return new Review();
        string path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path)) return new Review();
            Inside.Check(folder, path);
            if (Disk.HasNoBytes(path)) return new Review();
            if (new FileInfo(path).Length > MostBytes) throw ReviewErrors.Invalid(path, "it is too long.");
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
    }

    /// <summary>Reads a review in the form that the page sends or saves.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="path">Its name in errors.</param>
    /// <exception cref="NbException">It is not a review.</exception>
    public static Review Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(Mark, out _)
                || !document.RootElement.TryGetProperty("items", out JsonElement items)
                || items.ValueKind != JsonValueKind.Object)
            {
                throw ReviewErrors.Invalid(path, "it has another form.");
            }
            return new Review
            {
                Items = items.EnumerateObject().ToImmutableSortedDictionary(
                    item => item.Name, item => Read(item, path), StringComparer.Ordinal),
            };
        }
        catch (JsonException e)
        {
            throw ReviewErrors.Invalid(path, $"it is not JSON (line {e.LineNumber + 1}).", e);
        }
        catch (ArgumentException e)
        {
            throw ReviewErrors.Invalid(path, "it names an item twice.", e);
        }
        catch (InvalidOperationException e)
        {
            throw ReviewErrors.Invalid(path, "it has a text that is not UTF-8.", e);
        }
    }

    /// <summary>The review of a picture; null for none.</summary>
    /// <param name="name">Its item.</param>
    /// <param name="sha256">SHA-256 of the current picture.</param>
    public PictureReview? Find(string name, string? sha256) =>
        Items.TryGetValue(name, out PictureReview? found) && found.Sha256 == sha256 ? found : null;

    /// <summary>Adds reviews of some pictures to the review of a folder.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="said">The reviews by name of the item; an empty one removes an earlier review.</param>
    /// <returns>The whole review.</returns>
    /// <exception cref="NbException">The file cannot be read or written, or another process holds the
    /// folder.</exception>
    public static Review Add(string folder, Review said)
    {
        // A review page of another process may add to the same file.
        using FolderLock turn = FolderLock.Naming(folder);
        Review review = Of(folder);
        ImmutableSortedDictionary<string, PictureReview> items = review.Items.SetItems(said.Items);
        items = items.RemoveRange(said.Items
            .Where(item => item.Value is { Decision: ReviewDecision.None, Note: null }).Select(item => item.Key));
        review = review with { Items = items };
        string path = Path.Combine(folder, FileName);
        using var text = new MemoryStream();
        review.Write(text);
        if (text.Length > MostBytes) throw ReviewErrors.TooLong(path, MostBytes);
        try
        {
            AtomicFile.Write(path, new BlobStore(folder).TemporaryFolder, overwrite: true, text.WriteTo);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
        return review;
    }

    private void Write(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, StoredJson.Writing);
        writer.WriteStartObject();
        writer.WriteNumber(Mark, 1);
        writer.WriteStartObject("items");
        foreach ((string name, PictureReview said) in Items)
        {
            writer.WriteStartObject(name);
            writer.WriteString("sha256", said.Sha256);
            if (said.Decision != ReviewDecision.None) writer.WriteString("decision", WordOf(said.Decision));
            StoredJson.WriteText(writer, "note", said.Note);
            StoredJson.WriteText(writer, "at", said.At?.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The word for a decision in the file and on the page.</summary>
    public static string WordOf(ReviewDecision decision) => decision.ToString().ToLowerInvariant();

    private static PictureReview Read(JsonProperty item, string path)
    {
        JsonElement json = item.Value;
        if (json.ValueKind != JsonValueKind.Object) throw Invalid("is not an object");
        return new()
        {
            Sha256 = Text("sha256") ?? throw Invalid("has no sha256"),
            Decision = Text("decision") switch
            {
                null or "" or "none" => ReviewDecision.None,
                "approved" => ReviewDecision.Approved,
                "rejected" => ReviewDecision.Rejected,
                { } other => throw Invalid($"has the decision '{Readable.Short(other)}', which is neither approved nor rejected"),
            },
            Note = Text("note")?.Trim() is { Length: > 0 } note ? note : null,
            At = Text("at") is not { } at ? null
                : DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                    out DateTimeOffset time) ? time
                : throw Invalid($"has the time '{Readable.Short(at)}', which cannot be read"),
        };

        string? Text(string name) => !json.TryGetProperty(name, out JsonElement text) ? null
            : text.ValueKind switch
            {
                JsonValueKind.String => text.GetString(),
                JsonValueKind.Null => null,
                _ => throw Invalid($"has a {name} that is not a text"),
            };

        NbException Invalid(string what) =>
            ReviewErrors.Invalid(path, $"its item '{Readable.Short(item.Name)}' {what}.");
    }
}
