using System.Management.Automation;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>Runs a cmdlet in a session of its own; use <see cref="Session"/> where commands must share one.</summary>
internal static class Pipeline
{
    public static PipelineRun Invoke<T>(object? parameters = null, IEnumerable<object?>? input = null)
        where T : Cmdlet
    {
        using Session session = new();
        return session.Invoke<T>(parameters, input);
    }
}
