using System.Runtime.CompilerServices;

namespace NanoBanana.PowerShell.Tests;

internal static class HermeticEnvironment
{
    // A developer's own key must neither be used nor decide what a test sees.
    [ModuleInitializer]
    internal static void ForgetKeys()
    {
        foreach (string name in new[] { "GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL" })
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}
