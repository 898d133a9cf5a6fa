using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Asks before something is sent, written or removed, as -WhatIf, -Confirm and the preferences want it; -Force
/// answers yes.</summary>
internal static class Confirmation
{
    /// <summary>Asks in the engine's words: Performing the operation "action" on target "target".</summary>
    public static bool Approves(PSCmdlet cmdlet, string target, string action, bool force) =>
        IsForced(cmdlet, force) || cmdlet.ShouldProcess(target, action);

    /// <summary>Asks in a sentence of the cmdlet's own.</summary>
    public static bool ApprovesSentence(PSCmdlet cmdlet, string sentence, string caption, bool force) =>
        IsForced(cmdlet, force) || cmdlet.ShouldProcess(sentence, $"{sentence}\nGo on?", caption);

    /// <summary>With -WhatIf: says what the service would keep of what is sent. The emulator keeps nothing.</summary>
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
