using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using NanoBanana.Batches;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Reviews;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.Reports;

/// <summary>The review page: one HTML file that works from <c>file://</c> without network access. The pictures stay
/// where they are.</summary>
/// <remarks>Prompts and the model's words are data in it, never markup, and its own script and style are the only ones
/// the browser may run.</remarks>
public static partial class ReportPage
{
    /// <summary>Name of the file when none is given.</summary>
    public const string FileName = "report.html";

    private static readonly byte[] Mark = "<meta name=\"generator\" content=\"NanoBanana.PowerShell\">"u8.ToArray();

    // Pages of older versions do not name their generator; they are recognized by their content security policy.
    private static readonly byte[] OldMark = "img-src 'self' file:; style-src 'sha256-"u8.ToArray();

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    /// <summary>Makes the page of a folder of images or a batch.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="words">The words for advice on the page.</param>
    /// <param name="path">Full path of the page; null for report.html in the folder.</param>
    /// <param name="title">Its title; null for the folder's name.</param>
    /// <param name="recurse">Whether subfolders are included.</param>
    /// <param name="embed">Returns the data URI to embed for a picture's file, or null for none. Null to link the
    /// files.</param>
    /// <returns>The full path of the page.</returns>
    /// <exception cref="NbException">There is no such folder, or the page cannot be written.</exception>
    public static string Export(string folder, WordList words, string? path = null, string? title = null,
        bool recurse = false, Func<string, string?>? embed = null)
    {
        Report report = ReportReader.Read(folder, recurse);
        return Write(title is null ? report : report with { Title = title },
            path ?? Path.Combine(report.Folder, FileName), words, embed);
    }

    /// <summary>Makes the page of some images.</summary>
    /// <param name="images">The images, in the order of the page; saved.</param>
    /// <param name="path">Full path of the page.</param>
    /// <param name="words">The words for advice on the page.</param>
    /// <param name="title">Its title; null for the name of their folder.</param>
    /// <param name="embed">As for a folder.</param>
    /// <exception cref="NbException">An image is not saved, or the page cannot be written.</exception>
    public static string Export(IReadOnlyList<NbImage> images, string path, WordList words, string? title = null,
        Func<string, string?>? embed = null)
    {
        Report report = ReportReader.Read(images);
        return Write(title is null ? report : report with { Title = title }, path, words, embed);
    }

    /// <summary>Makes the page of a batch, unless nothing has changed since it was made.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="words">The words for advice on the page.</param>
    /// <returns>The full path of the page.</returns>
    /// <exception cref="NbException">It cannot be written.</exception>
    public static string Export(Batch batch, WordList words) =>
        batch.Summary is { IsComplete: true, Made: 0 } && IsCurrent(batch.Destination)
        ? Path.Combine(batch.Destination, FileName)
        : Write(ReportReader.Read(batch), Path.Combine(batch.Destination, FileName), words);

    /// <summary>Whether the page of a batch is newer than its manifest and its ledgers.</summary>
    /// <param name="folder">Full path of the batch's folder.</param>
    internal static bool IsCurrent(string folder)
    {
        var page = new FileInfo(Path.Combine(folder, FileName));
        if (!page.Exists || IsForeign(page.FullName)) return false;
        return LedgerFile.AllIn(folder)
            .Append(Path.Combine(folder, Batch.ManifestName))
            .Append(Path.Combine(folder, Review.FileName))
            .All(path => File.GetLastWriteTimeUtc(path) <= page.LastWriteTimeUtc);
    }

    /// <summary>Writes the page, replacing an existing one.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="path">Full path; pictures are linked relative to it.</param>
    /// <param name="words">The words for advice on the page.</param>
    /// <param name="embed">As for a folder.</param>
    /// <exception cref="NbException">It cannot be written.</exception>
    internal static string Write(Report report, string path, WordList words, Func<string, string?>? embed = null)
    {
        path = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(path)!;
        if (IsForeign(path)) throw FileErrors.Foreign(path);
        try
        {
            Directory.CreateDirectory(folder);
            // No incomplete page is left in the folder.
            string temporary = new BlobStore(folder).TemporaryFolder;
            bool hasStore = Directory.Exists(Path.GetDirectoryName(temporary));
            try
            {
                AtomicFile.Write(path, temporary, overwrite: true, stream =>
                    Render(stream, report, folder, words, embed));
            }
            finally
            {
                if (!hasStore) RemoveEmpty(temporary);
            }
            return path;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    private static void RemoveEmpty(string temporary)
    {
        try
        {
            Directory.Delete(temporary);
            Directory.Delete(Path.GetDirectoryName(temporary)!);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // Another process has begun to use it.
        }
    }

    // Pages of this module name their generator near their start.
    private static bool IsForeign(string path)
    {
        try
        {
            if (!File.Exists(path)) return false;
            using Stream stream = Disk.OpenRead(path);
            byte[] head = new byte[4096];
            int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            ReadOnlySpan<byte> start = head.AsSpan(0, read);
            return read > 0 && start.IndexOf(Mark) < 0 && start.IndexOf(OldMark) < 0;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unreadable(path, e);
        }
    }

    /// <summary>The page as text.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="folder">Full path of the page's folder.</param>
    /// <param name="words">The words for advice on the page.</param>
    /// <param name="embed">As for a folder.</param>
    internal static string Render(
        Report report, string folder, WordList words, Func<string, string?>? embed = null)
    {
        using var page = new MemoryStream();
        Render(page, report, folder, words, embed);
        return Encoding.UTF8.GetString(page.GetBuffer().AsSpan(0, (int)page.Length));
    }

    private static void Render(
        Stream page, Report report, string folder, WordList words, Func<string, string?>? embed)
    {
        Render(page, report, embed ?? (path => Link(path, folder)), words,
            embed is null ? "img-src 'self' file:" : "img-src data:", isServed: false);
    }

    /// <summary>Writes the page for a server on this machine, to which it sends reviews.</summary>
    /// <param name="page">The stream to write to.</param>
    /// <param name="report">What it shows.</param>
    /// <param name="link">The address of a file.</param>
    /// <param name="words">The words for advice on the page.</param>
    internal static void RenderServed(Stream page, Report report, Func<string, string?> link, WordList words) =>
        Render(page, report, link, words, "img-src 'self'; connect-src 'self'", isServed: true);

    private static void Render(
        Stream page, Report report, Func<string, string?> link, WordList words, string sources, bool isServed)
    {
        string style = Resource("page.css");
        string script = Resource("page.js");
        var parts = new Dictionary<string, string>
        {
            ["policy"] = Policy(report, style, script, sources),
            ["title"] = HtmlEncoder.Default.Encode(report.Title),
            ["style"] = style,
            ["script"] = script,
        };
        string form = Resource("page.html");
        int done = 0;
        // One pass, so that inserted text is never scanned for placeholders.
        foreach (Match hole in Hole().Matches(form))
        {
            Put(form[done..hole.Index]);
            if (hole.Groups[1].Value == "data") WriteData(page, report, link, words, isServed);
            else Put(parts[hole.Groups[1].Value]);
            done = hole.Index + hole.Length;
        }
        Put(form[done..]);

        void Put(string text) => page.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string Policy(Report report, string style, string script, string sources)
    {
        // Google's search entry point has its own style, allowed by its hash; its inline attributes and scripts stay
        // blocked.
        IEnumerable<string> foreign = report.Items.Select(item => item.Image?.Grounding?.SearchEntryPoint)
            .OfType<string>()
            .SelectMany(entry => StyleElement().Matches(entry)).Select(match => match.Groups[1].Value);
        string styles = string.Join(' ', foreign.Prepend(style).Select(Hash).Distinct());
        return $"default-src 'none'; {sources}; style-src {styles}; script-src {Hash(script)}; "
            + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types entry";
    }

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(UnixLines(text))))}'";

    // A browser reads every line break as \n, and hashes that.
    private static string UnixLines(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static void WriteData(
        Stream stream, Report report, Func<string, string?> link, WordList words, bool isServed)
    {
        // The encoder writes <, >, & and quotes as \uXXXX, so that no text can end its element.
        using (Utf8JsonWriter writer = JsonText.WriterOver(stream, new JsonWriterOptions { Encoder = Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("title", report.Title);
            writer.WriteString("folder", Path.GetFileName(Path.TrimEndingDirectorySeparator(report.Folder)));
            writer.WriteString("created", Time(report.CreatedAt));
            if (isServed) writer.WriteBoolean("served", true);
            writer.WriteStartArray("items");
            foreach (ReportItem item in report.Items)
            {
                WriteItem(writer, item, link, words);
                writer.Flush();
            }
            writer.WriteEndArray();
            writer.WriteStartArray("anchors");
            foreach (ReportReference reference in report.References) WriteReference(writer, reference, link);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void WriteItem(
        Utf8JsonWriter writer, ReportItem item, Func<string, string?> link, WordList words)
    {
        NbImage? image = item.Image;
        writer.WriteStartObject();
        writer.WriteString("name", item.Name);
        writer.WriteString("state", item.State);
        StoredJson.WriteText(writer, "file", item.Path is { } path ? link(path) : null);
        StoredJson.WriteText(writer, "path", item.Path is { } full ? Path.GetFileName(full) : null);
        StoredJson.WriteText(writer, "prompt", image?.Prompt ?? item.Prompt);
        if (image?.ComposedPrompt is { } sent && sent != (image.Prompt ?? item.Prompt))
        {
            StoredJson.WriteText(writer, "sent", sent);
        }
        StoredJson.WriteText(writer, "text", image?.Text);
        StoredJson.WriteText(writer, "model", image?.Model ?? item.Model);
        StoredJson.WriteText(writer, "ratio", image?.AspectRatio);
        StoredJson.WriteText(writer, "size", image?.Size);
        if (image is { Width: > 0, Height: > 0 })
        {
            writer.WriteNumber("width", image.Width);
            writer.WriteNumber("height", image.Height);
        }
        if (item.Length > 0) writer.WriteNumber("bytes", item.Length);
        StoredJson.WriteText(writer, "sha256", image?.Sha256);
        if (item.Review is { } review)
        {
            if (review.Decision != ReviewDecision.None) writer.WriteString("decision", Review.WordOf(review.Decision));
            StoredJson.WriteText(writer, "note", review.Note);
        }
        if (item.Cost is { } cost) writer.WriteNumber("cost", cost);
        if (item.Image?.Verdict is { } verdict)
        {
            if (verdict.Score is { } score) writer.WriteNumber("score", score);
            writer.WriteString("verdict", string.Join("\n", verdict.Aspects.Select(aspect => aspect.ToString())
                .Concat(verdict.Reasons).Prepend(verdict.ToString())));
        }
        StoredJson.WriteText(writer, "at", image?.CreatedAt is { } created ? Time(created) : null);
        StoredJson.WriteText(writer, "finish", image?.FinishReason);
        StoredJson.WriteText(writer, "derived", image?.Derivation?.How);
        if (item.Parent is { } parent) writer.WriteNumber("parent", parent);
        StoredJson.WriteText(writer, "before", item.Before is { } before ? link(before) : null);
        WriteList(writer, "anchors", item.References, writer.WriteNumberValue);
        WriteList(writer, "warnings", item.Warnings, writer.WriteStringValue);
        if (item.Message is not null)
        {
            writer.WriteStartObject("error");
            StoredJson.WriteText(writer, "id", item.ErrorId);
            StoredJson.WriteText(writer, "message", words.Say(item.Message));
            StoredJson.WriteText(writer, "advice", item.Advice is { } advice ? words.Say(advice) : null);
            writer.WriteEndObject();
        }
        if (image?.Grounding is { } grounding) WriteGrounding(writer, grounding);
        writer.WriteEndObject();
    }

    private static void WriteGrounding(Utf8JsonWriter writer, Grounding grounding)
    {
        writer.WriteStartObject("grounding");
        writer.WriteStartArray("sources");
        foreach (GroundingSource source in grounding.Sources.DistinctBy(source => source.Page))
        {
            writer.WriteStartObject();
            writer.WriteString("title", source.Title);
            writer.WriteString("page", source.Page);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        StoredJson.WriteText(writer, "entry", grounding.SearchEntryPoint);
        writer.WriteEndObject();
    }

    private static void WriteReference(
        Utf8JsonWriter writer, ReportReference reference, Func<string, string?> link)
    {
        writer.WriteStartObject();
        writer.WriteString("name", reference.Name ?? "");
        writer.WriteString("role", reference.Role.ToString());
        StoredJson.WriteText(writer, "description", reference.Description);
        StoredJson.WriteText(writer, "file", reference.Path is { } path ? link(path) : null);
        writer.WriteEndObject();
    }

    // Relative, so that the folder can be moved; impossible only across drives.
    private static string Link(string path, string folder)
    {
        string relative = Path.GetRelativePath(folder, path);
        if (Path.IsPathRooted(relative)) return new Uri(path).AbsoluteUri;
        string link =
            string.Join('/',
            relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
        return "./" + link;
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, ImmutableArray<T> values, Action<T> write)
    {
        if (values.IsEmpty) return;
        writer.WriteStartArray(name);
        foreach (T value in values) write(value);
        writer.WriteEndArray();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return UnixLines(reader.ReadToEnd());
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Hole();

    [GeneratedRegex("<style[^>]*>(.*?)</style", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex StyleElement();
}
