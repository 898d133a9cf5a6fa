namespace NanoBanana;

/// <summary>Every error of this library: id, kind, words and advice in one place. docs/en-US/about_NbErrors.md lists the same ids.</summary>
public static partial class NbErrors
{
    private static NbException Error(
        string id, NbErrorKind kind, string message, string advice, string? target = null, Exception? inner = null) =>
        new(id, kind, message, advice, inner) { Target = target };
}
