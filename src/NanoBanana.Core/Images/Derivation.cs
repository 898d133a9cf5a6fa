namespace NanoBanana.Images;

/// <summary>How a picture was made from another without the model: its bytes are no longer the model's.</summary>
/// <param name="How">What was done: the command and its settings.</param>
/// <param name="From">SHA-256 of the picture it was made from; null when it was made from several.</param>
/// <param name="FromFile">Name of that picture's file; null when it had none.</param>
public sealed record Derivation(string How, string? From = null, string? FromFile = null)
{
    /// <inheritdoc/>
    public override string ToString() => How;
}
