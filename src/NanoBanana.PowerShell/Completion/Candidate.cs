namespace NanoBanana.PowerShell.Completion;

/// <summary>One thing that may be typed.</summary>
internal sealed record Candidate(string Text, string ToolTip)
{
    public Candidate(string text)
        : this(text, text)
    {
    }
}
