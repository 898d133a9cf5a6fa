using System.Management.Automation;
using NanoBanana.Gemini.Http;
using NanoBanana.Generation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets that use the service.</summary>
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

    /// <summary>The connection if there is one; null when the environment has no key, which is reported only when a key
    /// is needed.</summary>
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
                // Reported after everything else was checked.
            }
            return Connection ?? RunspaceState.Current.Connection;
        }
    }

    /// <summary>The client's events.</summary>
    private protected ServiceEvents CallEvents => field ??= new ServiceEvents(this);

    /// <summary>Whether a line that stops the pipeline now would lose paid images.</summary>
    private protected virtual bool HoldsLines => false;

    /// <inheritdoc/>
    protected override void OnWaiting() => CallEvents.Write(HoldsLines);
}
