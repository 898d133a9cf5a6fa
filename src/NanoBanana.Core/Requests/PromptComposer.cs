using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoBanana.Requests;

/// <summary>Puts the words together that go with reference images: what each image is, the user's own words, what must stay the same.</summary>
/// <remarks>The sentences are data (composition.json), so that another wording needs no code.</remarks>
public sealed class PromptComposer
{
    private static readonly Lazy<PromptComposer> Lazy = new(() =>
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("composition.json")!;
        return new PromptComposer(JsonSerializer.Deserialize(stream, CompositionJson.Default.Composition)!);
    });

    private readonly Composition _words;

    private PromptComposer(Composition words) => _words = words;

    /// <summary>The wording that comes with the module.</summary>
    public static PromptComposer BuiltIn => Lazy.Value;

    /// <summary>Reads another wording from a JSON file of the form of composition.json.</summary>
    /// <exception cref="NbException">The file is missing or has another form.</exception>
    public static PromptComposer Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return new PromptComposer(JsonSerializer.Deserialize(stream, CompositionJson.Default.Composition)!);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NbErrors.FileNotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NbErrors.FileUnreadable(path, e);
        }
        catch (JsonException e)
        {
            throw NbErrors.CompositionInvalid(path, e);
        }
    }

    /// <summary>Composes the text of a user turn.</summary>
    /// <param name="prompt">The user's words, kept as they are.</param>
    /// <param name="references">The references in the order they are sent.</param>
    /// <param name="hasSource">Whether the first image sent is the picture to change, before all references.</param>
    public string Compose(string prompt, IReadOnlyList<Reference> references, bool hasSource)
    {
        // Where only the prompt speaks of the pictures, a label would add nothing.
        if (references.All(reference => reference is { Role: ReferenceRole.Image, Name: null, Description: null })) return prompt;

        var text = new StringBuilder();
        var keep = new StringBuilder();
        int number = 1;
        if (hasSource) AppendSentence(text, Label([number++], _words.Source));
        foreach (IReadOnlyList<Reference> group in Grouped(references))
        {
            int[] numbers = [.. Enumerable.Range(number, group.Count)];
            number += group.Count;
            Reference first = group[0];
            RoleWords words = _words.Roles[first.Role];
            string name = first.Name ?? first.Picture.Name;
            string what = words.What.Replace("{name}", name, StringComparison.Ordinal);
            AppendSentence(text, Label(numbers, first.Description is { } description ? $"{what}: {description}" : what));
            if (words.Keep is { } rule)
            {
                string images = numbers.Length == 1 ? $"image {numbers[0]}" : $"images {Joined(numbers)}";
                AppendSentence(keep, rule.Replace("{name}", name, StringComparison.Ordinal)
                    .Replace("{images}", images, StringComparison.Ordinal));
            }
        }
        text.Append('\n').Append(prompt);
        if (keep.Length > 0) text.Append("\n\n").Append(keep.ToString().TrimEnd('\n'));
        return text.ToString();
    }

    private string Label(IReadOnlyList<int> numbers, string what) =>
        (numbers.Count == 1 ? _words.Label.One : _words.Label.Many)
            .Replace("{numbers}", Joined(numbers), StringComparison.Ordinal)
            .Replace("{what}", what, StringComparison.Ordinal);

    // Pictures of one anchor stand side by side and share a sentence.
    private static IEnumerable<IReadOnlyList<Reference>> Grouped(IReadOnlyList<Reference> references)
    {
        var group = new List<Reference>();
        foreach (Reference reference in references)
        {
            bool same = group.Count > 0 && reference.Name is not null && group[0].Name == reference.Name && group[0].Role == reference.Role;
            if (group.Count > 0 && !same)
            {
                yield return group;
                group = [];
            }
            group.Add(reference);
        }
        if (group.Count > 0) yield return group;
    }

    private static string Joined(IReadOnlyList<int> numbers) => numbers.Count == 1
        ? numbers[0].ToString(System.Globalization.CultureInfo.InvariantCulture)
        : $"{string.Join(", ", numbers.Take(numbers.Count - 1))} and {numbers[^1]}";

    private static void AppendSentence(StringBuilder text, string sentence)
    {
        text.Append(sentence);
        if (sentence.Length > 0 && sentence[^1] is not ('.' or '!' or '?')) text.Append('.');
        text.Append('\n');
    }
}

internal sealed record Composition
{
    public required string Source { get; init; }
    public required LabelWords Label { get; init; }
    public required IReadOnlyDictionary<ReferenceRole, RoleWords> Roles { get; init; }
}

internal sealed record LabelWords(string One, string Many);

internal sealed record RoleWords(string What, string? Keep);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(Composition))]
internal sealed partial class CompositionJson : JsonSerializerContext;
