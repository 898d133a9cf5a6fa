using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>Base class of cmdlets whose images do not depend on each other: several of each, several calls at
/// once.</summary>
public abstract class ManyImagesCmdlet : ImageCmdlet
{
    private readonly HashSet<Type> _refused = [];
    private readonly HashSet<string> _told = [];

    /// <summary>How many images of each prompt; each is a call of its own.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    /// <summary>How many calls may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Emit images as they finish, not in the order of the input.</summary>
    [Parameter]
    public SwitchParameter AsCompleted { get; set; }

    private protected override bool IsAsCompleted => AsCompleted;

    internal override int Copies => Count;

    private protected override int Throttle => ThrottleLimit;

    /// <summary>Whether a value of that type was refused before, because one error is enough when a picture's bytes are
    /// piped one by one.</summary>
    private protected bool IsRefused(object? value) => value is ValueType && !_refused.Add(value.GetType());

    /// <summary>Writes the warnings about a row, each of them once.</summary>
    private protected void WarnOf(RequestRow? row)
    {
        foreach (string warning in (row?.Warnings ?? []).Where(_told.Add)) Warn(warning);
    }
}
