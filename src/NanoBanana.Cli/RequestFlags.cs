using System.CommandLine;
using System.CommandLine.Completions;
using NanoBanana.Batches.Manifests;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Cli;

/// <summary>The options of requests on the command line, for every item: those of the table, such as
/// <c>--aspect-ratio</c>.</summary>
internal sealed class RequestFlags
{
    private readonly Dictionary<RequestOption, Option> _flags = [];

    /// <param name="command">The command, which gets an option for each one that it does not have.</param>
    /// <param name="scope">Text before each description, on what the option applies to.</param>
    public RequestFlags(Command command, string scope = "For every item, overriding the manifest: ")
    {
        foreach (RequestOption option in RequestOptionTable.All)
        {
            string name = "--" + string.Concat(option.Name.Select(c =>
                char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));
            Option? flag = command.Options.FirstOrDefault(known => known.Name == name);
            if (flag is null) command.Options.Add(flag = Create(option, name, scope));
            _flags.Add(option, flag);
        }
    }

    /// <summary>The options on the command line.</summary>
    /// <exception cref="NbException">A value is of the wrong sort.</exception>
    public RequestOptions Read(ParseResult parsed)
    {
        foreach ((RequestOption option, Option flag) in _flags)
        {
            // An empty cell of a table leaves a setting unset; whoever types an option means it.
            if (parsed.GetResult(flag) is { Implicit: false } && Value(parsed, flag) is string text
                && string.IsNullOrWhiteSpace(text))
            {
                throw RequestErrors.EmptyOption(option);
            }
        }
        // Read as a row, with the names and checks of a manifest.
        (ManifestItem row, _) = Manifest.ReadRow(_flags
            .Where(flag => parsed.GetResult(flag.Value) is { Implicit: false })
            .Select(flag => KeyValuePair.Create(flag.Key.Name, Value(parsed, flag.Value))));
        return RequestOptionTable.All.Aggregate(new RequestOptions(), (read, option) => option.Copy(row, read));
    }

    private static Option Create(RequestOption option, string name, string scope)
    {
        string description = scope + option.Description;
        Option flag = option.Kind switch
        {
            OptionKind.Flag => new Option<bool>(name) { Description = description },
            OptionKind.Texts or OptionKind.Pairs => new Option<string[]>(name)
            {
                Description = description,
                HelpName = option.Kind == OptionKind.Pairs ? "NAME=TEXT" : "WORD",
            },
            OptionKind.Number => new Option<string?>(name) { Description = description, HelpName = "N" },
            _ => new Option<string?>(name) { Description = description, HelpName = "TEXT" },
        };
        // Read from the catalog only when a shell completes them. A flag has true and false already.
        if (option.Kind != OptionKind.Flag)
        {
            flag.CompletionSources.Add(_ => option.Proposals(ModelCatalog.BuiltIn).Select(word =>
                new CompletionItem(word)));
        }
        return flag;
    }

    private static object? Value(ParseResult parsed, Option flag) => flag switch
    {
        Option<bool> known => parsed.GetValue(known),
        Option<string[]> texts => string.Join(';', parsed.GetValue(texts) ?? []),
        Option<string?> text => parsed.GetValue(text),
        _ => null,
    };
}
