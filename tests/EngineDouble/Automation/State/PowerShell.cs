using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;

namespace System.Management.Automation;

/// <summary>Commands inside the runspace that runs already: the double knows Get-Location, which completers ask.</summary>
public sealed class PowerShell : IDisposable
{
    private string _command = "";

    private PowerShell()
    {
    }

    public static PowerShell Create(RunspaceMode runspace) => runspace == RunspaceMode.CurrentRunspace
        ? new PowerShell()
        : throw new NotSupportedException("The double has no second runspace.");

    public PowerShell AddCommand(string cmdlet)
    {
        _command = cmdlet;
        return this;
    }

    public PowerShell AddParameter(string parameterName, object value) => this;

    public Collection<PSObject> Invoke()
    {
        if (_command.Split('\\')[^1] != "Get-Location") throw new NotSupportedException($"The double does not know {_command}.");
        Runspace runspace = Runspace.DefaultRunspace ?? throw new InvalidOperationException("There is no runspace on this thread.");
        return [new PSObject(runspace.SessionStateProxy.Path.CurrentFileSystemLocation)];
    }

    public void Dispose()
    {
    }
}
