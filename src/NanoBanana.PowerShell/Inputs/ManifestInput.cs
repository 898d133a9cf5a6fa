using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Management.Automation;
using NanoBanana.Batches.Manifests;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts piped input to a manifest: prompts, rows of a table, hashtables, or a single manifest
/// file.</summary>
internal static class ManifestInput
{
    /// <param name="objects">The objects, wrapped or not.</param>
    /// <param name="baseFolder">Full path of the folder that paths in them are relative to.</param>
    /// <param name="anchors">Receives anchor objects found in rows, which are replaced by their names.</param>
    /// <exception cref="NbException">An object is wrong.</exception>
    public static Manifest From(IReadOnlyList<object> objects, string baseFolder, IDictionary<string, Anchor> anchors)
    {
        foreach (object item in objects)
        {
            Refuse(item);
            if (FileOf(Unwrapped(item), baseFolder) is not { } path) continue;
            if (objects.Count > 1 || !PromptInput.IsManifest(path)) throw RequestErrors.PromptIsPath(path);
            return Manifest.Load(path);
        }
        return Manifest.FromObjects(objects.Select(item => Fields(item).Select(field =>
            KeyValuePair.Create(field.Key, Named(field.Value, anchors)))), baseFolder);
    }

    private static object? Named(object? value, IDictionary<string, Anchor> anchors)
    {
        if (value is object?[] list) return list.Select(one => Named(one, anchors)).ToArray();
        if (value is not Anchor anchor) return value;
        anchors[anchor.Name] = anchor;
        return anchor.Name;
    }

    private static void Refuse(object item)
    {
        object? value = PSValue.Unwrapped(item);
        if (value is ValueType) throw NotAPrompt(value);
        if (value is not NbImage && !ImageInput.IsRecorded(item)) return;
        throw RequestErrors.NotRepeatable($"{value}", "an item has its own name, anchors and references",
            "Repeat it with New-NbImage, which takes the image from the pipeline; or write the item: @{ name = 'fox'; prompt = 'a fox'; anchors = 'fox' } | Start-NbBatch");
    }

    /// <summary>The error for an object of an unsupported type.</summary>
    public static NbException NotAPrompt(object value) => RequestErrors.NotAPrompt(
        $"{Article(value.GetType().Name)} {value.GetType().Name}{(value is ValueType ? $" ({value})" : "")}",
        value is byte
            ? "The bytes of a picture are for Invoke-NbEdit, and go together: Invoke-NbEdit 'add a hat' -Path fox.jpg. Nothing was sent for it."
            : null);

    private static string Article(string name) =>
        "AEIOU".Contains(name[0], StringComparison.OrdinalIgnoreCase) ? "An" : "A";

    /// <summary>Labels in the shell's form; null for none.</summary>
    public static ImmutableSortedDictionary<string, string>? Labels(Hashtable? table) => table?.Cast<DictionaryEntry>()
        .ToImmutableSortedDictionary(entry => $"{entry.Key}", entry => $"{Unwrapped(entry.Value)}",
            StringComparer.Ordinal);

    /// <summary>A moment in the request's form; null for none. One without a time zone is UTC, as in
    /// manifests.</summary>
    public static string? Moment(DateTime? value)
    {
        if (value is not { } moment) return null;
        DateTime utc = moment.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(moment, DateTimeKind.Utc)
            : moment.ToUniversalTime();
        return utc.ToString("O", CultureInfo.InvariantCulture);
    }

    /// <summary>A moment from the request's form; null for none.</summary>
    public static DateTime? Moment(string? text) => text is null ? null
        : DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>Names and values of a row.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Fields(object item)
    {
        object unwrapped = Unwrapped(item)!;
        return unwrapped switch
        {
            string prompt => [KeyValuePair.Create("prompt", (object?)prompt)],
            IDictionary table => table.Cast<DictionaryEntry>()
                .Select(entry => KeyValuePair.Create(entry.Key.ToString()!, Unwrapped(entry.Value))),
            _ => PSObject.AsPSObject(item).Properties.Select(property =>
                KeyValuePair.Create(property.Name, Unwrapped(property.Value))),
        };
    }

    private static string? FileOf(object? item, string baseFolder) => item switch
    {
        FileInfo file => file.FullName,
        string text => PromptInput.FileOf(text, baseFolder),
        _ => null,
    };

    private static object? Unwrapped(object? value) => value switch
    {
        PSObject { BaseObject: not PSCustomObject } wrapped => Unwrapped(wrapped.BaseObject),
        object[] list => list.Select(Unwrapped).ToArray(),
        _ => value,
    };
}
