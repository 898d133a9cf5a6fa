using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NanoBanana.Gemini;
using NanoBanana.Images;
using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>One option of a request: what it is called, how it is checked, and where it goes. All options are listed in
/// <see cref="RequestOptionTable"/>.</summary>
public sealed record RequestOption
{
    private readonly Func<RequestOptions, object?> _get;
    private readonly Func<RequestOptions, object?, RequestOptions> _set;

    internal RequestOption(Func<RequestOptions, object?> get, Func<RequestOptions, object?, RequestOptions> set)
    {
        _get = get;
        _set = set;
    }

    /// <summary>Its name in manifests, rows and options of a command line, such as aspectRatio.</summary>
    public required string Name { get; init; }

    /// <summary>What its value is.</summary>
    public required OptionKind Kind { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Name of the cmdlets' parameter; as <see cref="Name"/>, with a capital letter, unless that is
    /// plural.</summary>
    public string Parameter { get => field ?? char.ToUpperInvariant(Name[0]) + Name[1..]; init; }

    /// <summary>Names that probably mean this option; they are refused with its real name.</summary>
    public ImmutableArray<string> NearMisses { get; init; } = [];

    /// <summary>Whether similar names are left alone, because they may be the user's own columns: score is not
    /// store.</summary>
    public bool IsExact { get; init; }

    /// <summary>The separator between several values in one table cell.</summary>
    public string Separators { get; init; } = ";,";

    /// <summary>What an edit of another item inherits.</summary>
    public OptionInheritance Inheritance { get; init; }

    /// <summary>Whether it is for single calls only: in a job at half price it is left out.</summary>
    public bool IsLiveOnly { get; init; }

    /// <summary>The smallest and largest number allowed; null for no limit.</summary>
    internal (double Least, double Most)? Range { get; init; }

    /// <summary>The values that a model accepts; null when any value is sent.</summary>
    internal Func<ModelInfo, IReadOnlyList<string>>? Words { get; init; }

    /// <summary>The values that at least one model of a catalog accepts; empty when any value is sent.</summary>
    /// <param name="catalog">The models.</param>
    public IEnumerable<string> Proposals(ModelCatalog catalog) =>
        Name == "model" ? catalog.Models.SelectMany(model => model.Aliases.Append(model.Id))
            : Words is { } words ? catalog.Models.SelectMany(words).Distinct() : [];

    /// <summary>The error for a value that a model does not accept; null for the default one.</summary>
    internal Func<string, ModelInfo, NbException>? Unsupported { get; init; }

    /// <summary>Refuses values that this service is known to refuse.</summary>
    internal Action<RequestOption, OptionContext>? Demand { get; init; }

    /// <summary>Whether it is a file's path, relative to the manifest that names it.</summary>
    public bool IsPath { get; init; }

    /// <summary>The value an edit keeps from its source image when none is asked for and the model accepts
    /// it.</summary>
    internal Func<NbImage, string?>? Kept { get; init; }

    /// <summary>Puts the value into the call; null when <see cref="Paths"/> applies, or when the option only affects
    /// how the request is composed.</summary>
    internal Func<GenerateCall, object, OptionContext, GenerateCall>? ToCall { get; init; }

    /// <summary>Where the unchanged value goes in the request body, by name of the API.</summary>
    internal ImmutableDictionary<string, string> Paths { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The prefix that generateContent puts before the value, which is then upper case; empty for the value
    /// unchanged.</summary>
    internal string WirePrefix { get; init; } = "";

    /// <summary>Converts a text to its form in the request body; null to send it unchanged. Throws
    /// <see cref="NbException"/> for an unknown value.</summary>
    internal Func<RequestOption, string, string>? Spelled { get; init; }

    /// <summary>Whether another value makes another image. Only used with <see cref="Paths"/>.</summary>
    internal bool IsHashed { get; init; }

    /// <summary>Reads the value from options; null when it is unset.</summary>
    public object? Of(RequestOptions options) => _get(options);

    /// <summary>The options with this one changed.</summary>
    /// <typeparam name="T">A request, an item of a manifest, or options alone.</typeparam>
    /// <param name="options">The options.</param>
    /// <param name="value">A value of the type given by <see cref="Kind"/>; null to unset it.</param>
    public T With<T>(T options, object? value)
        where T : RequestOptions => (T)_set(options, value);

    /// <summary>Copies this option's value, set or unset, from other options.</summary>
    /// <typeparam name="T">A request, an item of a manifest, or options alone.</typeparam>
    /// <param name="from">The options to read.</param>
    /// <param name="to">The options.</param>
    public T Copy<T>(RequestOptions from, T to)
        where T : RequestOptions => With(to, Of(from));

    /// <summary>The values that a model accepts; empty when there is no fixed list.</summary>
    public IReadOnlyList<string> WordsOf(ModelInfo model) => Words?.Invoke(model) ?? [];

    /// <summary>Checks the option of a request and puts it into the call.</summary>
    /// <returns>The call, and the value as it is sent; null when it is unset.</returns>
    /// <exception cref="NbException">The model or the service does not take it.</exception>
    internal (GenerateCall Call, object? Value) Apply(GenerateCall call, ImageRequest request, OptionContext context)
    {
        object? value = Checked(request, context.Model);
        if (value is null) return (call, null);
        if (Range is { } range && Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number
            && (number < range.Least || number > range.Most || double.IsNaN(number)))
        {
            throw RequestErrors.OutOfRange(this, number, range.Least, range.Most);
        }
        Demand?.Invoke(this, context);
        if (ToCall is not null) return (ToCall(call, value, context), value);
        if (Paths.IsEmpty) return (call, value);
        if (!Paths.ContainsKey(context.Api)) throw RequestErrors.UnsupportedOption(this, $"The API '{context.Api}'");
        var field = new WireField(Name, ToWire(value, context.Api), Paths, IsHashed)
        {
            Hashed = ToWire(value, GenerateContentApi.ApiName),
        };
        return (call with { Fields = call.Fields.Add(field) }, value);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    // An edit keeps its source's size where the model can; without a size the service would use 1K.
    private object? Checked(ImageRequest request, ModelInfo model)
    {
        object? value = Of(request);
        if (value is IReadOnlyCollection<KeyValuePair<string, string>> { Count: 0 }) return null;
        if (value is ImmutableArray<string> { IsDefaultOrEmpty: true } && ToCall is null) return null;
        if (value is not (null or string)) return value;
        string? word = string.IsNullOrWhiteSpace((string?)value) ? null : (string)value;
        if (word?.Contains('\uFFFD', StringComparison.Ordinal) == true) throw RequestErrors.BrokenText(word);
        if (Words is null) return word;
        IReadOnlyList<string> words = Words(model);
        if (word is null) return request.Source is { } source && Kept?.Invoke(source) is { } kept
            && words.Contains(kept) ? kept : null;
        if (!model.IsKnown) return word;
        // Case is ignored, but the service's spelling is sent: it refuses 2k.
        return words.FirstOrDefault(known => string.Equals(known, word, StringComparison.OrdinalIgnoreCase))
            ?? throw (Unsupported?.Invoke(word, model) ?? RequestErrors.UnsupportedWord(this, word, model));
    }

    private JsonElement ToWire(object value, string api)
    {
        bool isPlain = WirePrefix.Length == 0 || api != GenerateContentApi.ApiName;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            switch (value)
            {
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case IEnumerable<KeyValuePair<string, string>> pairs:
                    json.WriteStartObject();
                    foreach ((string name, string text) in pairs) json.WriteString(name, text);
                    json.WriteEndObject();
                    break;
                case IEnumerable<string> texts:
                    json.WriteStartArray();
                    foreach (string text in texts) json.WriteStringValue(text);
                    json.WriteEndArray();
                    break;
                default:
                    string word = Spelled?.Invoke(this, $"{value}") ?? $"{value}";
                    json.WriteStringValue(isPlain ? word : WirePrefix + word.ToUpperInvariant());
                    break;
            }
        }
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
