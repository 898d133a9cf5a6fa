using System.Management.Automation;
using System.Management.Automation.Host;

namespace NanoBanana.PowerShell;

/// <summary>Shows a notice to the user after the pipeline has ended and its streams are closed.</summary>
internal static class LateNotice
{
    /// <summary>Writes a line to the screen at once; without a screen, the next command writes it.</summary>
    /// <param name="cmdlet">The cmdlet, which has the host.</param>
    /// <param name="state">The state of the runspace that the cmdlet runs in.</param>
    /// <param name="line">The line.</param>
    public static void Say(PSCmdlet cmdlet, RunspaceState state, string line)
    {
        try
        {
            if (cmdlet.Host?.UI is { } screen)
            {
                screen.WriteWarningLine(line);
                return;
            }
        }
        catch (Exception e) when (e is HostException or NotImplementedException or InvalidOperationException)
        {
            // A host without a screen.
        }
        state.Leave(line);
    }
}
