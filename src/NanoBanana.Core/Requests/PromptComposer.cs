using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Conversations;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>Composes the text sent with reference images: what each image is, the user's own words, and what must stay
/// the same.</summary>
/// <remarks>The sentences are data (composition.json), so that another wording needs no code.</remarks>
public sealed class PromptComposer
{
    private static readonly Lazy<PromptComposer> Lazy =
        new(() => new PromptComposer(JsonOverlay.ReadBuiltIn("composition.json")));

    private readonly Composition _words;

    private PromptComposer(JsonObject json) =>
        _words = json.Deserialize(CompositionJson.Default.Composition)
            ?? throw new JsonException("The composition is null.");

    /// <summary>The wording that comes with the module.</summary>
    public static PromptComposer BuiltIn => Lazy.Value;

    /// <summary>Names of the views of a character sheet that have a wording of their own, in order.</summary>
    public IReadOnlyList<string> SheetViews => [.. _words.Sheet.Views.Keys];

    /// <summary>Overlays the built-in wording with a JSON file of the same form (composition.json): what the file omits
    /// stays as built in.</summary>
    /// <exception cref="NbException">The file is missing or has another form.</exception>
    public static PromptComposer Load(string path) => JsonOverlay.Load(
        path,
        json =>
        {
            JsonObject merged = JsonOverlay.ReadBuiltIn("composition.json");
            // Every sentence is required, so null keeps the built-in one.
            JsonOverlay.Apply(merged, json, (_, _, value) => value is null);
            return new PromptComposer(merged);
        },
        RequestErrors.CompositionInvalid);

    /// <summary>The prompt for one view of a character sheet.</summary>
    /// <param name="subject">Who is drawn: a name that a label explains, or a description.</param>
    /// <param name="view">A name of <see cref="SheetViews"/>, or a description of another view.</param>
    public string ComposeView(string subject, string view)
    {
        string words =
            _words.Sheet.Views.FirstOrDefault(known =>
            string.Equals(known.Key, view, StringComparison.OrdinalIgnoreCase)).Value ?? view;
        return _words.Sheet.View.Replace("{view}", words, StringComparison.Ordinal)
            .Replace("{subject}", subject, StringComparison.Ordinal);
    }

    /// <summary>Says which picture of an answer with several is meant.</summary>
    /// <param name="prompt">The user's words.</param>
    /// <param name="number">The picture's place in the answer, from 1.</param>
    /// <param name="count">How many pictures the answer has.</param>
    internal string ComposeChoice(string prompt, int number, int count)
    {
        if (count < 2) return prompt;
        string choice = _words.OfSeveral.Replace("{count}", Number(count), StringComparison.Ordinal)
            .Replace("{number}", Number(number), StringComparison.Ordinal);
        return $"{choice}\n{prompt}";
    }

    /// <summary>Composes the text of a user turn.</summary>
    /// <param name="prompt">The user's words, kept as they are.</param>
    /// <param name="references">The references in the order they are sent.</param>
    /// <param name="hasSource">Whether the first image sent is the picture to change, before all references.</param>
    /// <param name="number">Number of the first image sent: more than 1 where the conversation has labeled
    /// others.</param>
    public string Compose(string prompt, IReadOnlyList<Reference> references, bool hasSource, int number = 1)
    {
        // When only the prompt explains the pictures, labels would add nothing.
        if (references.All(reference => reference is { Role: ReferenceRole.Image, Name: null, Description: null }))
        {
            return prompt;
        }

        var text = new StringBuilder();
        var keep = new StringBuilder();
        if (hasSource) AppendSentence(text, Label([number++], _words.Source));
        foreach (IReadOnlyList<Reference> group in Grouped(references))
        {
            Reference first = group[0];
            if (first.Picture.Format.Kind is not PictureFormat.Image and var kind)
            {
                AppendMedia(text, keep, first, kind);
                continue;
            }
            int[] numbers = [.. Enumerable.Range(number, group.Count)];
            number += group.Count;
            RoleWords words = _words.Roles[first.Role];
            string name = first.Name ?? first.Picture.Name;
            string what = words.What.Replace("{name}", name, StringComparison.Ordinal);
            AppendSentence(text,
                Label(numbers, first.Description is { } description ? $"{what}: {description}" : what));
            if (words.Keep is { } rule)
            {
                string images = Numbered(_words.Images, numbers);
                AppendSentence(keep, rule.Replace("{name}", name, StringComparison.Ordinal)
                    .Replace("{images}", images, StringComparison.Ordinal));
            }
        }
        text.Append('\n').Append(prompt);
        if (keep.Length > 0) text.Append("\n\n").Append(keep.ToString().TrimEnd('\n'));
        return text.ToString();
    }

    // Videos and documents have no number: their label names the kind.
    private void AppendMedia(StringBuilder text, StringBuilder keep, Reference reference, string kind)
    {
        RoleWords words = _words.Roles[reference.Role];
        string name = reference.Name ?? reference.Picture.Name;
        string? what = reference.Role == ReferenceRole.Image ? reference.Name
            : words.What.Replace("{name}", name, StringComparison.Ordinal);
        what = (what, reference.Description) switch
        {
            ({ } named, { } described) => $"{named}: {described}",
            var (named, described) => named ?? described,
        };
        if (what is not null)
        {
            AppendSentence(text, _words.Media.Replace("{kind}", kind, StringComparison.Ordinal)
                .Replace("{what}", what, StringComparison.Ordinal));
        }
        if (words.Keep is not { } rule) return;
        string media = _words.MediaName.Replace("{kind}", kind, StringComparison.Ordinal);
        AppendSentence(keep, rule.Replace("{name}", name, StringComparison.Ordinal)
            .Replace("{images}", media, StringComparison.Ordinal));
    }

    /// <summary>The highest picture number in the labels of these turns; 0 when there are no labels.</summary>
    internal int LastLabel(IEnumerable<Turn> turns)
    {
        string[] starts = [.. new[] { _words.Label.One, _words.Label.Many }
            .Select(words => words.Split("{numbers}")[0]).Where(start => start.Length > 0).Distinct()];
        int last = 0;
        foreach (string line in turns.Where(turn => turn.Role == Turn.User).SelectMany(turn => turn.Text.Split('\n')))
        {
            int length = starts.FirstOrDefault(start => line.StartsWith(start, StringComparison.Ordinal))?.Length ?? 0;
            foreach (string word in line[length..].Replace(_words.And, ",", StringComparison.Ordinal)
                .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            {
                bool isNumber = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
                if (length == 0 || !isNumber) break;
                last = Math.Max(last, number);
            }
        }
        return last;
    }

    private string Label(IReadOnlyList<int> numbers, string what) =>
        Numbered(_words.Label, numbers).Replace("{what}", what, StringComparison.Ordinal);

    private string Numbered(CountWords words, IReadOnlyList<int> numbers)
    {
        string joined = numbers.Count == 1
            ? Number(numbers[0])
            : string.Join(", ", numbers.Take(numbers.Count - 1).Select(Number)) + _words.And + Number(numbers[^1]);
        return (numbers.Count == 1 ? words.One : words.Many).Replace("{numbers}", joined, StringComparison.Ordinal);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Pictures of one anchor are adjacent and share a sentence.
    private static IEnumerable<IReadOnlyList<Reference>> Grouped(IReadOnlyList<Reference> references)
    {
        var group = new List<Reference>();
        foreach (Reference reference in references)
        {
            bool same = group.Count > 0 && reference.Name is not null && group[0].Name == reference.Name
                && group[0].Role == reference.Role;
            if (group.Count > 0 && !same)
            {
                yield return group;
                group = [];
            }
            group.Add(reference);
        }
        if (group.Count > 0) yield return group;
    }

    private static void AppendSentence(StringBuilder text, string sentence)
    {
        text.Append(sentence);
        if (sentence.Length > 0 && sentence[^1] is not ('.' or '!' or '?')) text.Append('.');
        text.Append('\n');
    }
}
