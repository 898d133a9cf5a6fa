using System.Reflection;

namespace NanoBanana.Tests.Conformance;

/// <summary>A theory that needs Google's own SDK, which tests/conformance/run installs; skipped with the reason where
/// it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SdkTheoryAttribute : TheoryAttribute
{
    public SdkTheoryAttribute() => Skip = Reason;

    /// <summary>Why the SDK cannot run here; null when it can.</summary>
    public static string? Reason => Directory.Exists(Path.Combine(Folder, "node_modules", "@google", "genai"))
        ? null
        : "@google/genai is not installed: tests/conformance/run does it.";

    public static string Folder => typeof(SdkTheoryAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ConformanceFolder").Value!;
}
