using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Batches.Manifests;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>The request in a piped row, with the properties of a manifest's item; or in an image whose request is
/// repeated.</summary>
internal sealed record RequestRow(ManifestItem Item)
{
    private static readonly string[] SourceColumns = ["path", "fullname", "literalpath", "pspath"];

    /// <summary>Names of anchors, or anchors; empty when the row has none.</summary>
    public ImmutableArray<object?> Anchors { get; init; } = [];

    /// <summary>The references, in any form; empty when the row has none.</summary>
    public ImmutableArray<object?> References { get; init; } = [];

    /// <summary>The references of a repeated request, with their roles.</summary>
    public ImmutableArray<Reference> Recorded { get; init; } = [];

    /// <summary>The folder to save in.</summary>
    public string? Destination { get; init; }

    /// <summary>For an edit: the picture to change, in any form.</summary>
    public object? Source { get; init; }

    /// <summary>Warnings.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The name of its files; null when not given.</summary>
    public string? Stem =>
        Item.Name.Length == 0 ? null : ImageFile.HasImageExtension(Item.Name) ? Path.ChangeExtension(Item.Name, null)
        : Item.Name;

    /// <summary>Whether an object is a row: a custom object or a hashtable, but not an image from a job.</summary>
    public static bool Is(object? input) =>
        PSValue.Unwrapped(input) is IDictionary or PSCustomObject && !ImageInput.IsRecorded(input);

    /// <summary>Reads a row.</summary>
    /// <param name="input">The row.</param>
    /// <param name="isEdit">Whether it names a picture to change rather than one to draw.</param>
    /// <param name="prompt">The typed prompt; null for none.</param>
    /// <returns>Null when every cell is empty.</returns>
    /// <exception cref="NbException">A column is misspelled, or no column is known.</exception>
    public static RequestRow? Read(object input, bool isEdit, string? prompt = null)
    {
        var row = new RequestRow(new ManifestItem { Name = "" });
        var others = new List<KeyValuePair<string, object?>>();
        var columns = new List<string>();
        bool isKnown = false;
        foreach ((string column, object? value) in ManifestInput.Fields(input))
        {
            if (value is null or "") continue;
            columns.Add(column);
            string? property = Manifest.PropertyOf(column);
            string plain = column.ToLowerInvariant();
            RequestRow? known = (property, plain) switch
            {
                ("anchors", _) => row with { Anchors = [.. row.Anchors, .. Several(value)] },
                ("references", _) => row with { References = [.. row.References, .. Several(value)] },
                (_, "destination") => row with { Destination = $"{value}" },
                // The instruction is a separate parameter, and the prompt column belongs to the edited image.
                ("edit" or "prompt", _) or (_, "instruction") when isEdit => row,
                ("from", _) when isEdit => row with { Source = value },
                _ when isEdit && SourceColumns.Contains(plain) => row with { Source = row.Source ?? value },
                _ => null,
            };
            isKnown |= known is not null || property is not null;
            if (known is null) others.Add(KeyValuePair.Create<string, object?>(column, value));
            row = known ?? row;
        }
        if (columns.Count == 0) return null;
        (ManifestItem item, ImmutableArray<string> warnings) = Manifest.ReadRow(others);
        if (!isKnown) throw Unknown(columns);
        if (!isEdit && item.Prompt is null && prompt is null) throw WithoutPrompt(item, columns);
        Manifest.CheckPath(item);
        // Rows are used on other systems too, so folders are separated by / everywhere.
        item = item with { OutFile = item.OutFile?.Replace('\\', '/') };
        return row with { Item = item, Warnings = warnings };
    }

    /// <summary>Reads the request of an image in order to repeat it.</summary>
    public static RequestRow Repeating(ImageRequest request)
    {
        var item = new ManifestItem { Name = "", Prompt = request.Prompt };
        item = RequestOptionTable.All.Aggregate(item, (filled, option) => option.Copy(request, filled));
        return new RequestRow(item) { Recorded = request.References };
    }

    private static IEnumerable<object?> Several(object value) => value switch
    {
        string or IDictionary or NbImage or byte[] => [value],
        IEnumerable list => list.Cast<object?>(),
        _ => [value],
    };

    private static NbException Unknown(List<string> columns)
    {
        string? near = columns.Select(Manifest.NearestProperty).FirstOrDefault(name => name is not null);
        return RequestErrors.NotAPrompt(
            $"A row with the columns {string.Join(", ", columns.Select(name => $"'{name}'"))}",
            $"{(near is null ? "" : $"Did you mean '{near}'? ")}A row needs a column 'prompt'. Nothing was sent for it.");
    }

    private static NbException WithoutPrompt(ManifestItem item, List<string> columns) =>
        item.From is not null || item.Edit is not null
        ? RequestErrors.NotAPrompt("A row with from and edit",
            "It changes a picture: pipe it to Invoke-NbEdit or Start-NbBatch.")
        : RequestErrors.NotAPrompt(
            $"A row with {string.Join(", ", columns.Select(name => $"'{name}'"))} and without 'prompt'");
}
