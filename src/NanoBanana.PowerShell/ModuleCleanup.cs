using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Stops the module's emulators and web routes on Remove-Module, so that no port stays open.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunspaceState.Current.StopServers();
}
