namespace NanoBanana.Terminals;

/// <summary>Guesses from the environment how a terminal draws pictures. The terminal itself is not queried, because an
/// unknown query would end up in the user's input.</summary>
public static class TerminalDetection
{
    /// <summary>Guesses the terminal's graphics.</summary>
    /// <param name="isTerminal">Whether output goes to a terminal, not to a file or a pipe.</param>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    public static TerminalGraphics Detect(bool isTerminal, Func<string, string?> variable)
    {
        string term = variable("TERM") ?? "";
        string program = variable("TERM_PROGRAM") ?? "";
        if (!isTerminal || term == "dumb" || !string.IsNullOrEmpty(variable("NO_COLOR"))) return TerminalGraphics.None;
        // A multiplexer passes on only what it understands itself.
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
