using System.Management.Automation;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet that talks to the service.</summary>
public abstract class ServiceCmdlet : NbCmdlet
{
    private ImageService? _service;

    /// <summary>The connection to use; that of the runspace, or of the environment, when it is left out.</summary>
    [Parameter]
    [ValidateNotNull]
    [ConnectionTransformation]
    public NbConnection? Connection { get; set; }

    /// <summary>The service, observed for -Verbose and -Debug; resolved on first use, so that a missing key ends the
    /// pipeline once.</summary>
    internal ImageService Service => _service ??= CallEvents.Observe(OpenConnection.Service);

    /// <summary>The connection to use, which must be open.</summary>
    internal NbConnection OpenConnection => Demand(() =>
    {
        Connection ??= RunspaceState.Current.Connection ??= NbConnection.FromEnvironment();
        return Connection.IsClosed ? throw ConnectionErrors.Closed(Connection.ToString()) : Connection;
    });

    /// <summary>The connection as far as it is known; null where the environment has no key, which is told by whoever
    /// needs one, and where nothing will be sent.</summary>
    private protected NbConnection? KnownConnection
    {
        get
        {
            try
            {
                if (!Preferences.WhatIf(this))
                {
                    Connection ??= RunspaceState.Current.Connection ??= NbConnection.FromEnvironment();
                }
            }
            catch (NbException)
            {
                // Told once everything else is right.
            }
            return Connection ?? RunspaceState.Current.Connection;
        }
    }

    /// <summary>What the client says of its calls.</summary>
    private protected ServiceEvents CallEvents => field ??= new ServiceEvents(this);

    /// <summary>Whether a line that stops the pipeline now would lose what is paid for.</summary>
    private protected virtual bool HoldsLines => false;

    /// <inheritdoc/>
    protected override void OnWaiting() => CallEvents.Write(HoldsLines);
}
