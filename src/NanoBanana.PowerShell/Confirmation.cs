using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace NanoBanana.PowerShell;

/// <summary>Asks before something is sent, written or removed, depending on -WhatIf, -Confirm and the preferences;
/// -Force answers yes.</summary>
internal static class Confirmation
{
    /// <summary>Asks in the engine's words: Performing the operation "action" on target "target".</summary>
    public static bool Approves(PSCmdlet cmdlet, string target, string action, bool force) =>
        IsForced(cmdlet, force) || cmdlet.ShouldProcess(target, action);

    /// <summary>Asks with the cmdlet's own sentence.</summary>
    public static bool ApprovesSentence(PSCmdlet cmdlet, string sentence, string caption, bool force) =>
        IsForced(cmdlet, force) || cmdlet.ShouldProcess(sentence, $"{sentence}\nGo on?", caption);

    /// <summary>Asks whoever is there; null where nobody is.</summary>
    public static bool? Ask(PSCmdlet cmdlet, string question, string caption)
    {
        bool isAlone = (cmdlet.Host.Name == "ConsoleHost" && Console.IsInputRedirected)
            // Several at once would speak over each other.
            || Runspace.DefaultRunspace?.Name.StartsWith("PSTask", StringComparison.Ordinal) == true;
        if (isAlone || Preferences.WhatIf(cmdlet)) return null;
        try
        {
            return cmdlet.ShouldContinue(question, caption);
        }
        // No user can be asked: -NonInteractive, or a host without a screen.
        catch (Exception e) when (e is PSInvalidOperationException or HostException or NotImplementedException)
        {
            return null;
        }
    }

    /// <summary>With -WhatIf, says what the service would store. The emulator stores nothing.</summary>
    public static void TellStorage(ServiceCmdlet cmdlet, string caption)
    {
        NbConnection asked = cmdlet.Connection ?? RunspaceState.Current.Connection ?? NbConnection.Planning;
        if (!asked.IsOffline && Preferences.WhatIf(cmdlet))
        {
            ApprovesSentence(cmdlet, asked.Storage, caption, force: false);
        }
    }

    private static bool IsForced(PSCmdlet cmdlet, bool force) => force && !Preferences.WhatIf(cmdlet);
}
