using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>Remove-Module stops what the module started: a port must not stay open behind a module that is
/// gone.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunspaceState.Current.StopServers();
}
