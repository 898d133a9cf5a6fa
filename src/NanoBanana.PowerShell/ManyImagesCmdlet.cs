using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>A cmdlet whose images do not depend on each other: several of each, several calls at once.</summary>
public abstract class ManyImagesCmdlet : ImageCmdlet
{
    /// <summary>How many images of each prompt; each is a call of its own.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>How many calls may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    private protected override int Copies => Count;

    private protected override int Throttle => ThrottleLimit;
}
