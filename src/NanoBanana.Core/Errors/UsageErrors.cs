using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Errors;

/// <summary>Options that would be passed over in silence.</summary>
public static class UsageErrors
{
    /// <summary>An option that only says something about another, which is not there.</summary>
    /// <param name="option">The option.</param>
    /// <param name="needed">What it is about.</param>
    public static NbException Without(string option, string needed) => Error(
        "Nb.Usage.WithoutOther", NbErrorKind.InvalidArgument,
        $"{{option:{option}}} changes nothing without {{option:{needed}}}.",
        $"Give {{option:{needed}}} as well, or leave {{option:{option}}} out.", option);

    /// <summary>An option that another one leaves without a meaning.</summary>
    /// <param name="option">The option.</param>
    /// <param name="other">The other.</param>
    public static NbException Beside(string option, string other) => Error(
        "Nb.Usage.BesideOther", NbErrorKind.InvalidArgument,
        $"{{option:{option}}} changes nothing beside {{option:{other}}}.",
        "Leave one of the two out.", option);
}
