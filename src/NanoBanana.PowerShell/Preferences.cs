using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>The user's settings for streams and confirmation, from parameters or preference variables.</summary>
internal static class Preferences
{
    /// <summary>Whether -WhatIf is on.</summary>
    public static bool WhatIf(PSCmdlet cmdlet) =>
        Bound(cmdlet, "WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>Whether the user has said whether to be asked: -Confirm or -Confirm:$false, or a preference of
    /// None.</summary>
    public static bool Confirms(PSCmdlet cmdlet) => Bound(cmdlet, "Confirm") is not null
        || cmdlet.GetVariableValue("ConfirmPreference")?.ToString() == "None";

    /// <summary>Whether -Debug is on.</summary>
    public static bool Debug(PSCmdlet cmdlet) => Bound(cmdlet, "Debug")
        ?? (cmdlet.GetVariableValue("DebugPreference")?.ToString() is { } preference
        && preference is not ("SilentlyContinue" or "Ignore"));

    /// <summary>Whether -Debug was typed without -Verbose. The engine then asks at every verbose line, which would lose
    /// a paid call in flight when no user can answer.</summary>
    public static bool IsDebugAlone(PSCmdlet cmdlet) =>
        Bound(cmdlet, "Debug") == true && Bound(cmdlet, "Verbose") is null;

    /// <summary>Whether a line of a stream stops the pipeline, or asks a user who may not be there.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="stream">Error, Warning, Verbose or Debug.</param>
    public static bool Halts(PSCmdlet cmdlet, string stream)
    {
        object? chosen = cmdlet.MyInvocation.BoundParameters.TryGetValue($"{stream}Action", out object? bound)
            ? bound : cmdlet.GetVariableValue(stream == "Error" ? "ErrorActionPreference" : $"{stream}Preference");
        return chosen?.ToString() is "Stop" or "Inquire" or "Break";
    }

    private static bool? Bound(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? bound) ? LanguagePrimitives.IsTrue(bound)
            : null;
}
