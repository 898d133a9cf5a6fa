using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>What the user set for a stream or for confirmation, by parameter or by preference variable.</summary>
internal static class Preferences
{
    /// <summary>Whether -WhatIf is on.</summary>
    public static bool WhatIf(PSCmdlet cmdlet) =>
        Bound(cmdlet, "WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>Whether -Debug is on.</summary>
    public static bool Debug(PSCmdlet cmdlet) => Bound(cmdlet, "Debug")
        ?? (cmdlet.GetVariableValue("DebugPreference")?.ToString() is { } preference && preference is not ("SilentlyContinue" or "Ignore"));

    private static bool? Bound(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? bound) ? LanguagePrimitives.IsTrue(bound) : null;
}
