using System.Management.Automation;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Values as they come from a shell, which wraps some of them.</summary>
internal static class PSValue
{
    /// <summary>The value itself, out of what PowerShell may have wrapped around it.</summary>
    public static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
