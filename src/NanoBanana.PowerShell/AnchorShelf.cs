using NanoBanana.Pictures;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell;

/// <summary>Where anchors are kept: a library on disk when one is named, else the session.</summary>
internal sealed class AnchorShelf
{
    private readonly SortedDictionary<string, Anchor> _session = RunspaceState.Current.Anchors;
    private readonly AnchorLibrary? _library;

    /// <param name="folder">Full path of the library; null for the session alone.</param>
    public AnchorShelf(string? folder) => _library = folder is null ? null : new AnchorLibrary(folder);

    /// <summary>Resolves a name with wildcards; a name without wildcards is returned as it is.</summary>
    /// <exception cref="NbException">The wildcard pattern is invalid, or there is no such library.</exception>
    public IReadOnlyList<string> Match(string name)
    {
        var pattern = new NamePattern(name);
        return pattern.IsWildcard ? [.. Names.Where(pattern.Matches)] : [name];
    }

    /// <summary>Whether there is an anchor of that name.</summary>
    public bool Has(string name) => NamesIn(_library).Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds an anchor on this shelf.</summary>
    /// <exception cref="NbException">There is none, or its files cannot be used.</exception>
    public Anchor Get(string name) =>
        (Library is { } library ? library.Find(name) : _session.GetValueOrDefault(name))
            ?? throw AnchorErrors.Unknown(name, Names);

    /// <summary>Finds an anchor to draw with: in the library first, then in the session.</summary>
    /// <exception cref="NbException">There is none, or its files cannot be used.</exception>
    public Anchor Find(string name) =>
        FindOrNull(name) ?? throw AnchorErrors.Unknown(name, Names.Union(_session.Keys));

    /// <summary>Finds an anchor to draw with; null when there is none.</summary>
    /// <exception cref="NbException">Its files cannot be used, or there is no such library.</exception>
    public Anchor? FindOrNull(string name) => Library?.Find(name) ?? _session.GetValueOrDefault(name);

    /// <summary>Saves an anchor, replacing one of the same name.</summary>
    /// <returns>The anchor as stored.</returns>
    /// <exception cref="NbException">The library cannot be written.</exception>
    public Anchor Set(Anchor anchor)
    {
        if (_library is not null) return _library.Save(anchor);
        // Hashed now, so that a later change of a file is noticed.
        foreach (Picture picture in anchor.Pictures) _ = picture.Data.Sha256;
        return _session[anchor.Name] = anchor;
    }

    /// <summary>Removes an anchor.</summary>
    /// <exception cref="NbException">There is none, or the library cannot be written.</exception>
    public void Remove(string name)
    {
        if (!(Library?.Remove(name) ?? _session.Remove(name))) throw AnchorErrors.Unknown(name, Names);
    }

    private IEnumerable<string> Names => NamesIn(Library);

    private IEnumerable<string> NamesIn(AnchorLibrary? library) => library?.Names ?? (IEnumerable<string>)_session.Keys;

    // When reading, a missing folder is a typing mistake, not an empty library.
    private AnchorLibrary? Library =>
        _library is null
            || Directory.Exists(_library.Folder) ? _library : throw FileErrors.FolderNotFound(_library.Folder);
}
