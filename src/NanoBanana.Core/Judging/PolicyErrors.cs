using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Judging;

/// <summary>What can be wrong with a policy.</summary>
internal static class PolicyErrors
{
    /// <summary>An unknown key.</summary>
    internal static NbException UnknownKey(string path, string key, IEnumerable<string> known) => Error(
        "Nb.Policy.UnknownKey", NbErrorKind.InvalidArgument,
        $"The policy '{path}' has a key '{key}' that means nothing. "
        + JudgeErrors.DidYouMean(key[(key.LastIndexOf('.') + 1)..], known),
        "A key that is not understood would be a gate that is never shut: mend it or take it out.", path);

    /// <summary>A logo that is neither a file nor an anchor.</summary>
    internal static NbException NoLogo(string path, string logo, string file) => Error(
        "Nb.Policy.Invalid", NbErrorKind.ParserError,
        $"The policy '{path}' cannot be used: its logo '{logo}' is neither a file ('{file}') nor the name of an anchor.",
        "Nothing was sent. Put the logo beside the policy, or set the anchor first.", path);

    /// <summary>An invalid value, or invalid JSON.</summary>
    internal static NbException Invalid(string path, string why, Exception? inner = null) => Error(
        "Nb.Policy.Invalid", NbErrorKind.ParserError, $"The policy '{path}' cannot be used: {why}",
        "{way:seePolicy}.", path, inner);
}
