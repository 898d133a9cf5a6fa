using System.CommandLine;

namespace NanoBanana.Cli;

/// <summary><c>nb completion</c>: prints the script with which a shell completes the arguments of <c>nb</c>. The script
/// calls <c>nb</c> itself, so it always has the current options.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # Add to ~/.bashrc:  eval "$(nb completion bash)"
            _nb() {
              local IFS=$'\n'
              local found=$(nb "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
              COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _nb nb
            """,
        ["zsh"] = """
            # Add to ~/.zshrc, after compinit:  eval "$(nb completion zsh)"
            _nb() {
              local -a words_of_nb
              words_of_nb=("${(@f)$(nb "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -- $words_of_nb
              _files
            }
            compdef _nb nb
            """,
        ["pwsh"] = """
            # Add to $PROFILE:  nb completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName nb -ScriptBlock {
                param($word, $command, $position)
                nb "[suggest:$position]" "$command" 2>$null | Where-Object { $_.StartsWith($word) } | ForEach-Object {
                    [Management.Automation.CompletionResult]::new($_)
                }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print the script with which a shell completes commands, options and values.")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(Scripts[parsed.GetValue(shell)!]);
            return ExitCode.Success;
        });
        return command;
    }
}
