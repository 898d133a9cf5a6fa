using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Storage;

namespace NanoBanana.Prompts;

/// <summary>Named prompt templates as data: the built-in ones, and those of a folder, which may add to or replace
/// them.</summary>
public sealed class PromptLibrary
{
    private static readonly Lazy<PromptLibrary> Lazy = new(() =>
        new PromptLibrary(Read(JsonOverlay.ReadBuiltIn("prompts.json"), path: null)));

    private PromptLibrary(IEnumerable<PromptTemplate> templates) => Templates = [.. templates];

    /// <summary>The templates that come with the module.</summary>
    public static PromptLibrary BuiltIn => Lazy.Value;

    /// <summary>Every template, the module's own first.</summary>
    public IReadOnlyList<PromptTemplate> Templates { get; }

    /// <summary>The module's templates overlaid by those of a folder; a missing folder adds none.</summary>
    /// <param name="folder">Full path; every .json file in it holds a template, or several in a field
    /// "templates".</param>
    /// <exception cref="NbException">A file has another form.</exception>
    public static PromptLibrary Load(string folder)
    {
        if (!Directory.Exists(folder)) return BuiltIn;
        var templates = BuiltIn.Templates.ToList();
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            foreach (PromptTemplate template in JsonOverlay.Load(path, json =>
                Read(json, path), TemplateErrors.Invalid))
            {
                int known = templates.FindIndex(other => Same(other.Name, template.Name));
                if (known >= 0) templates[known] = template;
                else templates.Add(template);
            }
        }
        return new PromptLibrary(templates);
    }

    /// <summary>Finds a template by name.</summary>
    /// <exception cref="NbException">There is none.</exception>
    public PromptTemplate Find(string name) =>
        Templates.FirstOrDefault(template => Same(template.Name, name))
        ?? throw TemplateErrors.Unknown(name, Templates.Select(template => template.Name));

    private static List<PromptTemplate> Read(JsonObject json, string? path) => json["templates"] is JsonArray several
        ? [.. several.Select(template => ReadTemplate(template!.AsObject(), path))]
        : [ReadTemplate(json, path)];

    private static PromptTemplate ReadTemplate(JsonObject json, string? path)
    {
        TemplateData data = JsonOverlay.Filled(json).Deserialize(PromptJson.Default.TemplateData)!;
        string[] named = [.. data.Text.SelectMany(PromptTemplate.SlotsOf).Distinct(StringComparer.OrdinalIgnoreCase)];
        return new PromptTemplate
        {
            Name = data.Name,
            Kind = data.Kind ?? "generate",
            Description = data.Description ?? "",
            Sentences = data.Text,
            Advice = data.Advice,
            Path = path,
            // A slot that is only used in the text is required.
            Slots = named.Select(name => SlotOf(name, data.Slots?.FirstOrDefault(slot => Same(slot.Name, name))))
                .ToArray(),
        };
    }

    private static PromptSlot SlotOf(string name, SlotData? data) =>
        new(name, data?.Description, data?.Default, data?.Examples ?? []);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
