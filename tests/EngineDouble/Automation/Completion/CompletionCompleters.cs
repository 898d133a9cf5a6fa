namespace System.Management.Automation;

public static class CompletionCompleters
{
    // Paths are completed by the engine's own providers; Pester asks the real ones.
    public static IEnumerable<CompletionResult> CompleteFilename(string fileName) => throw new NotSupportedException();
}
