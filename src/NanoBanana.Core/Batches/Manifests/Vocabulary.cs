namespace NanoBanana.Batches.Manifests;

/// <summary>The properties of one part of a manifest, and the names that people use for them.</summary>
internal sealed class Vocabulary
{
    private readonly string[] _names;
    private readonly Dictionary<string, string> _taken;
    private readonly Dictionary<string, string> _refused = [];
    private readonly HashSet<string> _exact = [];

    /// <summary>What they are called.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <param name="names">What they are called.</param>
    public Vocabulary(params string[] names)
    {
        _names = names;
        _taken = names.ToDictionary(Plain);
    }

    /// <summary>Adds an unambiguous alias.</summary>
    public Vocabulary Accept(string typed, string property)
    {
        _taken.Add(typed, property);
        return this;
    }

    /// <summary>Adds names that probably mean a property: ignoring them would buy a picture that was not
    /// intended.</summary>
    public Vocabulary Reject(string property, params string[] typed)
    {
        foreach (string name in typed) _refused.Add(name, property);
        return this;
    }

    /// <summary>Accepts names that only resemble a property, because they may be the user's own.</summary>
    public Vocabulary Exact(string property)
    {
        _exact.Add(property);
        return this;
    }

    /// <summary>The property that a name means, ignoring case, _, - and spaces; null for none.</summary>
    public string? Find(string typed) => _taken.GetValueOrDefault(Plain(typed));

    /// <summary>The property that an unknown name almost certainly means; null when it may be the user's own.</summary>
    public string? Suggest(string typed)
    {
        string plain = Plain(typed);
        return _refused.GetValueOrDefault(plain)
            ?? Nearest.To(plain, _names.Where(name => !_exact.Contains(name)), within: plain.Length < 6 ? 1 : 2);
    }

    /// <summary>The property most similar to an unknown name; null when none is similar.</summary>
    public string? NearestTo(string typed) => Nearest.To(typed, _names);

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
