using System.Diagnostics;

namespace NanoBanana.Cli.Tests;

/// <summary>What <c>nb completion</c> prints, in the shells it is for.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("nb im", "image")]
    [InlineData("nb image --asp", "--aspect-ratio")]
    [InlineData("nb image --size ", "1K 2K 4K 512")]
    [InlineData("nb image --size 4", "4K")]
    public async Task Bash_completes(string typed, string expected)
    {
        if (!File.Exists("/bin/bash")) return;
        string[] words = typed.Split(' ');
        string found = await RunAsync("/bin/bash", "-c", $$"""
            nb() { dotnet '{{NbServer.Program}}' "$@"; }
            eval "$(nb completion bash)"
            COMP_LINE='{{typed}}' COMP_POINT={{typed.Length}} COMP_CWORD={{words.Length - 1}}
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}})
            _nb
            echo "${COMPREPLY[*]}"
            """);
        Assert.Equal(expected, found.Trim());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("pwsh")]
    public async Task Each_completion_script_calls_nb_itself(string shell) =>
        Assert.Contains("[suggest:$", await RunAsync("dotnet", NbServer.Program, "completion", shell));

    private static Task<string> RunAsync(string program, params string[] arguments) =>
        ProgramRun.OutputAsync(new ProcessStartInfo(program, arguments));
}
