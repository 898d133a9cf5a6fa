namespace NanoBanana.Requests;

/// <summary>What an option's value is.</summary>
public enum OptionKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>Several texts, an <see cref="System.Collections.Immutable.ImmutableArray{T}"/>.</summary>
    Texts,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A number with digits behind the point.</summary>
    Fraction,

    /// <summary>Texts by name, an
    /// <see cref="System.Collections.Immutable.ImmutableSortedDictionary{TKey, TValue}"/>.</summary>
    Pairs,
}
