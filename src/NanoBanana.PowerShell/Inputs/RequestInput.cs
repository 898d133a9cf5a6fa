using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Fills a request from what is typed and from the row: what is typed wins.</summary>
/// <param name="cmdlet">Has the parameters, of which those are typed that are bound by now.</param>
internal sealed class RequestInput(RequestCmdlet cmdlet)
{
    private readonly HashSet<string> _typed = [.. cmdlet.MyInvocation.BoundParameters.Keys];

    /// <summary>Whether the command line itself names a parameter.</summary>
    public bool IsTyped(string name) => _typed.Contains(name);

    /// <summary>Whether the row, and not the command line, says what a parameter is.</summary>
    public bool IsCell(string name) => cmdlet.Row is not null && !IsTyped(name);

    /// <summary>Adds to a request what the parameters say, where it does not say so itself.</summary>
    /// <exception cref="NbException">An anchor or a reference means nothing.</exception>
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

    /// <summary>The anchors that -Anchor, or the row, means.</summary>
    /// <exception cref="NbException">A name is unknown.</exception>
    public ImmutableArray<Anchor> Anchors()
    {
        const string Name = nameof(RequestCmdlet.Anchor);
        return [.. AnchorInput.Resolve(Values(IsCell(Name) ? cmdlet.Row!.Anchors : cmdlet.Anchor, Name), cmdlet.Shelf)];
    }

    /// <summary>The pictures that -Reference, or the row, means.</summary>
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
        // A typed anchor takes the place of the recorded one of its name.
        return [.. cmdlet.Row!.Recorded.Where(reference => reference.Name is null || !anchors.Contains(reference.Name)),
            .. cmdlet.Row.References.SelectMany(input.Cell)];
    }

    // -Reference $null is as if left out.
    private object?[] Values(IEnumerable<object?>? values, string name) => [.. (values ?? [])
        .Where(value => PSValue.Unwrapped(value) is { } given && (IsTyped(name) || given is not ""))];
}
