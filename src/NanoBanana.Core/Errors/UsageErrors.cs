using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Errors;

/// <summary>Options that would have no effect.</summary>
public static class UsageErrors
{
    /// <summary>The option that serves a page.</summary>
    public static string Serve => "{option:serve}";

    /// <summary>The option that sets a port.</summary>
    public static string Port => "{option:port}";

    /// <summary>The option that names a file to write.</summary>
    public static string OutFile => "{option:outFile}";

    /// <summary>The option that emits what was written.</summary>
    public static string PassThru => "{option:passThru}";

    /// <summary>The option that puts pictures into a page.</summary>
    public static string SelfContained => "{option:selfContained}";

    /// <summary>The option that sets the period of a budget.</summary>
    public static string Per => "{option:per}";

    /// <summary>The option that sets a budget.</summary>
    public static string MaxCost => "{option:maxCost}";

    /// <summary>An option that has an effect only with another one, which is missing.</summary>
    /// <param name="option">The option.</param>
    /// <param name="needed">The missing option.</param>
    public static NbException Without(string option, string needed) => Error(
        "Nb.Usage.WithoutOther", NbErrorKind.InvalidArgument, $"{option} changes nothing without {needed}.",
        $"Give {needed} as well, or leave {option} out.");

    /// <summary>An option that has no effect beside another one.</summary>
    /// <param name="option">The option.</param>
    /// <param name="other">The other option.</param>
    public static NbException Beside(string option, string other) => Error(
        "Nb.Usage.BesideOther", NbErrorKind.InvalidArgument, $"{option} changes nothing beside {other}.",
        "Leave one of the two out.");
}
