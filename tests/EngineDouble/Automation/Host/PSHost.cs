using System.Globalization;

namespace System.Management.Automation.Host;

public abstract class PSHost
{
    public abstract string Name { get; }

    public abstract Version Version { get; }

    public abstract Guid InstanceId { get; }

    public abstract PSHostUserInterface? UI { get; }

    public virtual CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public virtual CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;
}
