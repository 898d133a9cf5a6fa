namespace NanoBanana.Prompts;

/// <summary>A gap in a template that a person fills.</summary>
/// <param name="Name">What it is called: letters, digits, - and _.</param>
/// <param name="Description">What to fill in; null when not given.</param>
/// <param name="Default">Its value when it is not filled; null when it must be filled. A sentence whose slot is empty
/// is left out.</param>
/// <param name="Examples">Example values.</param>
public sealed record PromptSlot(string Name, string? Description, string? Default, IReadOnlyList<string> Examples)
{
    /// <summary>Whether it must be filled.</summary>
    public bool IsRequired => Default is null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
