namespace NanoBanana.Errors;

/// <summary>Builds the errors of all rooms. Each room has its own class of errors; docs/en-US/about_NbErrors.md lists
/// their ids.</summary>
public static class NbErrors
{
    /// <summary>An unexpected failure, which is a bug in this library.</summary>
    public static NbException Unexpected(Exception inner) => Error(
        "Nb.Unexpected", NbErrorKind.InvalidResult, $"An unexpected error: {inner.Message}",
        "Report it, together with {way:errorDetails}.", inner: inner);

    internal static NbException Error(
        string id, NbErrorKind kind, string message, string advice, string? target = null, Exception? inner = null) =>
        new(id, kind, message, advice, inner) { Target = target };

    // The same failure with another message.
    internal static NbException Reworded(NbException why, string message, string? target = null) =>
        Error(why.ErrorId, why.Kind, message, why.Advice, target, why);

    // Advice whose {way:...} carries values.
    internal static string Filled(string advice, params IEnumerable<string> values) => WordList.Fill(advice, values);

    internal static string Listed(IEnumerable<string> names) => string.Join(", ", names);

    internal static NbException Uncertain(NbException e) =>
        new(e.ErrorId, e.Kind, e.Message, e.Advice, e.InnerException)
    {
        Target = e.Target,
        IsUncertain = true,
    };
}
