namespace NanoBanana.PowerShell.Inputs;

/// <summary>Converts input to regions: '120,80,300,200', or 120,80,300,200, which the shell parses as a list of
/// numbers.</summary>
internal static class RegionInput
{
    public static string[] Resolve(IEnumerable<string> typed)
    {
        string[] all = [.. typed];
        return all.Any(text => text.Contains(',', StringComparison.Ordinal)) ? all
            : [.. all.Chunk(4).Select(numbers => string.Join(',', numbers))];
    }
}
