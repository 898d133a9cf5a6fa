namespace NanoBanana.Terminals;

/// <summary>Guesses how a terminal draws pictures, by its environment alone: a question put to a terminal that does not
/// know it ends up in the user's input.</summary>
public static class TerminalDetection
{
    /// <summary>Guesses.</summary>
    /// <param name="isTerminal">Whether anybody looks: false when output goes to a file or a pipe.</param>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    public static TerminalGraphics Detect(bool isTerminal, Func<string, string?> variable)
    {
        string term = variable("TERM") ?? "";
        string program = variable("TERM_PROGRAM") ?? "";
        if (!isTerminal || term == "dumb" || !string.IsNullOrEmpty(variable("NO_COLOR"))) return TerminalGraphics.None;
        // A multiplexer passes on what it understands itself.
        if (variable("TMUX") is { Length: > 0 } || variable("STY") is { Length: > 0 }) return TerminalGraphics.Blocks;
        if (program == "iTerm.app" || variable("LC_TERMINAL") == "iTerm2" || program == "WezTerm")
        {
            return TerminalGraphics.ITerm2;
        }
        if (variable("KITTY_WINDOW_ID") is { Length: > 0 } || term is "xterm-kitty" or "xterm-ghostty"
            || program == "ghostty")
        {
            return TerminalGraphics.Kitty;
        }
        if (term is "foot" or "foot-extra" || term.StartsWith("mlterm", StringComparison.Ordinal)
            || term.Contains("sixel", StringComparison.Ordinal))
        {
            return TerminalGraphics.Sixel;
        }
        return TerminalGraphics.Blocks;
    }
}
