namespace NanoBanana.Emulator.Wire;

/// <summary>One content of the conversation. A missing role is a user's.</summary>
internal sealed record RequestTurn(string Role, IReadOnlyList<RequestPart> Parts)
{
    public bool IsModel => Role == "model";

    /// <summary>The turn's words that are not thoughts.</summary>
    public string Text =>
        string.Join('\n', Parts.Where(part => !part.Thought && part.Text is not null).Select(part => part.Text));
}
