using System.Collections;
using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Names of secrets, or of vaults, of Microsoft.PowerShell.SecretManagement where it is there; never the
/// secrets.</summary>
internal sealed class SecretCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        bool isVault = Parameter == "Vault";
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(isVault ? "Get-SecretVault" : "Get-SecretInfo");
        if (!isVault && PSValue.Unwrapped(bound["Vault"]) is string vault) shell.AddParameter("Vault", vault);
        return [.. shell.Invoke().Select(found => $"{found.Properties["Name"]?.Value}").Where(name => name.Length > 0)
            .Distinct().Select(name => new Candidate(name))];
    }
}
