using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Fills a request from the typed parameters and the row; typed parameters take precedence.</summary>
/// <param name="cmdlet">The cmdlet; parameters bound by now are those typed.</param>
internal sealed class RequestInput(RequestCmdlet cmdlet)
{
    private readonly HashSet<string> _typed = [.. cmdlet.MyInvocation.BoundParameters.Keys];

    /// <summary>Whether a parameter was typed on the command line.</summary>
    public bool IsTyped(string name) => _typed.Contains(name);

    /// <summary>Whether a parameter's value comes from the row, not from the command line.</summary>
    public bool IsCell(string name) => cmdlet.Row is not null && !IsTyped(name);

    /// <summary>Adds the parameters' values to a request where it has none.</summary>
    /// <exception cref="NbException">An anchor or a reference cannot be resolved.</exception>
    public ImageRequest Complete(ImageRequest asked)
    {
        foreach (RequestOption option in RequestOptionTable.All)
        {
            if (option.Of(asked) is not null) continue;
            bool isParameter = IsTyped(option.Parameter) || (cmdlet.Row is null && cmdlet.IsRow);
            RequestOptions? said = isParameter ? cmdlet.Options : cmdlet.Row?.Item;
            if (said is not null) asked = option.Copy(said, asked);
        }
        bool isContinued = asked.Source?.Conversation is not null;
        return asked with
        {
            Model = !string.IsNullOrEmpty(asked.Model) ? asked.Model
                : isContinued ? null : cmdlet.OpenConnection.DefaultModel,
            Anchors = asked.Anchors.IsEmpty ? Anchors() : asked.Anchors,
            References = asked.References.IsEmpty ? References() : asked.References,
        };
    }

    /// <summary>The anchors of -Anchor or the row.</summary>
    /// <exception cref="NbException">A name is unknown.</exception>
    public ImmutableArray<Anchor> Anchors()
    {
        const string Name = nameof(RequestCmdlet.Anchor);
        return [.. AnchorInput.Resolve(Values(IsCell(Name) ? cmdlet.Row!.Anchors : cmdlet.Anchor, Name), cmdlet.Shelf)];
    }

    /// <summary>The references of -Reference or the row.</summary>
    /// <exception cref="NbException">One means none.</exception>
    public ImmutableArray<Reference> References()
    {
        bool byReference = IsCell(nameof(RequestCmdlet.ByReference)) && cmdlet.Row!.Item.ByReference is { } cell
            ? cell : cmdlet.ByReference;
        var input = new ReferenceInput(
            byReference, path => cmdlet.Paths.Pictures(path, literal: false), image => cmdlet.Images.Of(image));
        const string Name = nameof(RequestCmdlet.Reference);
        if (!IsCell(Name)) return [.. Values(cmdlet.Reference, Name).SelectMany(input.Typed)];
        bool hasTypedAnchors = cmdlet.Anchor is { Length: > 0 } && IsTyped(nameof(RequestCmdlet.Anchor));
        HashSet<string> anchors = hasTypedAnchors
            ? Anchors().Select(anchor => anchor.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) : [];
        // A typed anchor replaces the recorded one of the same name.
        return [.. cmdlet.Row!.Recorded.Where(reference => reference.Name is null || !anchors.Contains(reference.Name)),
            .. cmdlet.Row.References.SelectMany(input.Cell)];
    }

    // -Reference $null counts as omitted.
    private object?[] Values(IEnumerable<object?>? values, string name) => [.. (values ?? [])
        .Where(value => PSValue.Unwrapped(value) is { } given && (IsTyped(name) || given is not ""))];
}
