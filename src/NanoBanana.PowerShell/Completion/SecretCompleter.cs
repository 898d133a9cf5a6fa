using System.Collections;
using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Names of secrets, or of vaults, of Microsoft.PowerShell.SecretManagement where it is there; never the
/// secrets.</summary>
internal sealed class SecretCompleter : WordCompleter
{
    // A command that is missing leaves nothing in $Error.
    private const string Vaults =
        "if (Get-Command Get-SecretVault -ErrorAction Ignore) { Get-SecretVault -ErrorAction Ignore }";

    private const string Secrets = "if (Get-Command Get-SecretInfo -ErrorAction Ignore) { "
        + "if ($args[0]) { Get-SecretInfo -Vault $args[0] -ErrorAction Ignore } "
        + "else { Get-SecretInfo -ErrorAction Ignore } }";

    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(Parameter == "Vault" ? Vaults : Secrets, useLocalScope: true)
            .AddArgument(PSValue.Unwrapped(bound["Vault"]) as string);
        return [.. shell.Invoke().Select(found => $"{found.Properties["Name"]?.Value}").Where(name => name.Length > 0)
            .Distinct().Select(name => new Candidate(name))];
    }
}
