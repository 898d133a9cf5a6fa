namespace NanoBanana.Prompts;

/// <summary>A gap in a template that a person fills.</summary>
/// <param name="Name">What it is called: letters, digits, - and _.</param>
/// <param name="Description">What belongs into it; null when not given.</param>
/// <param name="Default">What stands there when it is not filled; null when it must be filled. Where it stays empty,
/// its
/// sentence is left out.</param>
/// <param name="Examples">Words that fit.</param>
public sealed record PromptSlot(string Name, string? Description, string? Default, IReadOnlyList<string> Examples)
{
    /// <summary>Whether it must be filled.</summary>
    public bool IsRequired => Default is null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
