using System.Management.Automation;

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
