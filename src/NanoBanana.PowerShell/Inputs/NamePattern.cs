using System.Management.Automation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>A typed name, with or without wildcards.</summary>
internal sealed class NamePattern
{
    private readonly WildcardPattern _pattern;

    /// <exception cref="NbException">The pattern is invalid, such as a [ without a ].</exception>
    public NamePattern(string name)
    {
        IsWildcard = WildcardPattern.ContainsWildcardCharacters(name);
        _pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        try
        {
            // The pattern is only parsed when it is first used.
            _pattern.IsMatch("");
        }
        catch (WildcardPatternException e)
        {
            throw RequestErrors.InvalidPattern(name, e);
        }
    }

    public bool IsWildcard { get; }

    public bool Matches(string name) => _pattern.IsMatch(name);
}
