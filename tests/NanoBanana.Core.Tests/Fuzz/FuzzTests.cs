using NanoBanana.Tests.Shared.Fuzz;

namespace NanoBanana.Tests.Fuzz;

/// <summary>Whatever a file or an answer holds, it is understood or refused in words of ours: no other exception, and
/// an end. NB_FUZZ_SECONDS (for each reader) and NB_FUZZ_SEED make it another or a longer run.</summary>
public sealed class FuzzTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly FuzzReader[] All = [.. FileReaders.All, .. FolderReaders.All, .. WireReaders.All];

    public static TheoryData<string> Readers => [.. All.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Any_input_is_accepted_or_refused_with_an_error_of_this_library(string name)
    {
        FuzzReader reader = All.Single(reader => reader.Name == name);
        using FuzzBench bench = await FuzzBench.MakeAsync();
        int done = await FuzzRun.Of(name, reader.Seeds(bench), reader.Count, async input =>
        {
            try
            {
                await reader.Read(bench, input);
            }
            catch (NbException e)
            {
                Assert.DoesNotContain(e.Message + e.Advice, c => char.IsControl(c) && c is not ('\n' or '\t'));
            }
        });
        output.WriteLine($"{name}: {done} inputs");
    }
}
