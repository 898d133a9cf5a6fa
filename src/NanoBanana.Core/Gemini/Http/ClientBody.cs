namespace NanoBanana.Gemini.Http;

/// <summary>The beginning of a body's text, for debug output, with images, signatures and secrets masked.</summary>
/// <param name="IsRequest">Whether it went out; otherwise it came in.</param>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Host">The host, with its port where it is not the usual one.</param>
/// <param name="Path">The path, without query.</param>
/// <param name="Text">The masked text.</param>
public sealed record ClientBody(bool IsRequest, string Method, string Host, string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(IsRequest ? ">>" : "<<")} {Method} {Host}{Path}{Environment.NewLine}{Text}";
}
