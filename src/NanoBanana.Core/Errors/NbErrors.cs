namespace NanoBanana;

/// <summary>Every error of this library: id, kind, message and advice in one place. docs/en-US/about_NbErrors.md lists the same ids.</summary>
public static partial class NbErrors
{
    /// <summary>A failure this library did not foresee: a bug.</summary>
    public static NbException Unexpected(Exception inner) => Error(
        "Nb.Unexpected", NbErrorKind.InvalidResult, $"An unexpected error: {inner.Message}",
        "Report it with the output of: $Error[0] | Get-Error", inner: inner);

    private static NbException Error(
        string id, NbErrorKind kind, string message, string advice, string? target = null, Exception? inner = null) =>
        new(id, kind, message, advice, inner) { Target = target };

    // The same failure, told for another occasion.
    private static NbException Reworded(NbException why, string message, string? target = null) =>
        Error(why.ErrorId, why.Kind, message, why.Advice, target, why);

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);
}
