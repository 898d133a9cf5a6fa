using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Writes warnings of a cmdlet. A warning that would end the pipeline is held until paid images are saved and
/// emitted.</summary>
/// <param name="cmdlet">The cmdlet that writes them.</param>
/// <param name="isBusy">Whether something paid for has not been emitted yet.</param>
internal sealed class HeldWarnings(PSCmdlet cmdlet, Func<bool> isBusy)
{
    private readonly Queue<string> _held = new();

    /// <summary>Whether any is waiting.</summary>
    public bool Any => _held.Count > 0;

    /// <summary>Writes a warning, or holds it.</summary>
    public void Warn(string warning)
    {
        if (Preferences.Halts(cmdlet, "Warning") && isBusy()) _held.Enqueue(warning);
        else cmdlet.WriteWarning(warning);
    }

    /// <summary>Writes those that were held.</summary>
    public void WriteHeld()
    {
        while (_held.TryDequeue(out string? warning)) cmdlet.WriteWarning(warning);
    }
}
