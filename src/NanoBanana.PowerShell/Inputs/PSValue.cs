using System.Management.Automation;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Unwraps values from PowerShell.</summary>
internal static class PSValue
{
    /// <summary>The value without PowerShell's wrapper.</summary>
    public static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
