namespace NanoBanana.PowerShell.Completion;

/// <summary>One completion.</summary>
internal sealed record Candidate(string Text, string ToolTip)
{
    public Candidate(string text)
        : this(text, text)
    {
    }
}
