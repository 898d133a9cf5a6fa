using System.Collections.Immutable;
using NanoBanana.Localization;
using NanoBanana.Prompts;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Manifests;

/// <summary>The localization of a manifest: one item for each language and picture, as a branch of the picture's
/// conversation.</summary>
internal sealed record ManifestLocalization
{
    /// <summary>Items or pictures; empty for every item of the manifest.</summary>
    public ImmutableArray<string> From { get; init; } = [];

    /// <summary>Codes; empty for all languages of the table.</summary>
    public ImmutableArray<string> Languages { get; init; } = [];

    /// <summary>Keys of the lettering; empty for all.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];

    /// <summary>The table: the path of a file, or texts by language.</summary>
    public object? Text { get; init; }

    /// <summary>Code of the language that stands in the picture; null when the table does not have it.</summary>
    public string? SourceLanguage { get; init; }

    /// <summary>Name of the template; null for the default one.</summary>
    public string? Template { get; init; }

    /// <summary>Options for each of the items.</summary>
    public required ManifestItem Options { get; init; }

    /// <summary>Makes the localized items.</summary>
    /// <param name="items">The manifest's own items.</param>
    /// <param name="resolve">Makes the full path of a file that the manifest names.</param>
    /// <exception cref="NbException">The table, a language or the template is wrong.</exception>
    public IEnumerable<ManifestItem> Items(ImmutableArray<ManifestItem> items, Func<string, string> resolve)
    {
        if (Text is string name && name.Contains('\0', StringComparison.Ordinal))
        {
            throw LocalizationErrors.InvalidTable("'localize'", "its text is the name of no file.");
        }
        LetteringTable table = Text is string path ? LetteringTable.Load(resolve(path))
            : LetteringTable.From(Text, "'localize'");
        PromptTemplate template =
            PromptLibrary.Load(UserFolders.Prompts).Find(Template ?? LocalizedText.DefaultTemplate);
        ImmutableArray<LocalizedText> texts = table.Texts(Languages, SourceLanguage, Keys);
        // With all items, each is localized once, even if one has the name that a matrix gives to cells of another.
        IEnumerable<(string Name, ManifestItem? Item)> sources = From.IsEmpty
            ? items.Select(item => (item.Name, (ManifestItem?)item))
            : from source in From
              from item in items.Where(item => item.Name == source || item.CellOf == source)
                  .Cast<ManifestItem?>().DefaultIfEmpty()
              select (item?.Name ?? source, item);
        return [.. from source in sources
            from text in texts
            select ItemOf(source.Name, source.Item, text, template)];
    }

    private ManifestItem ItemOf(string source, ManifestItem? item, LocalizedText text, PromptTemplate template) =>
        Options with
        {
            Name = $"{item?.Name ?? Path.GetFileNameWithoutExtension(source)}.{text.Language.Code}",
            From = source,
            Edit = text.Order(template),
            Lettering = text.Texts,
            OutFile = item?.OutFile is null ? null : $"{ItemPath.StemOf(item)}.{text.Language.Code}",
        };
}
