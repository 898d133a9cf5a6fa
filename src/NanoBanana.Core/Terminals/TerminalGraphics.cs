namespace NanoBanana.Terminals;

/// <summary>How a terminal draws pictures.</summary>
public enum TerminalGraphics
{
    /// <summary>Detected from the environment.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>Half blocks in two colors: every terminal with colors.</summary>
    Blocks,

    /// <summary>Sixel: foot, mlterm, WezTerm, Windows Terminal from 1.22, xterm if enabled.</summary>
    Sixel,

    /// <summary>Kitty's protocol: kitty, Ghostty, Konsole.</summary>
    Kitty,

    /// <summary>iTerm2's protocol: iTerm2, WezTerm, VS Code.</summary>
    ITerm2,
}
