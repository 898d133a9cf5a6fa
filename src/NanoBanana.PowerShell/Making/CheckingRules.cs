using NanoBanana.Generation;
using NanoBanana.Judging;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>The rules by which a cmdlet's images are checked.</summary>
/// <param name="cmdlet">Has the options.</param>
internal sealed class CheckingRules(ImageCmdlet cmdlet)
{
    private readonly TryRules _rules = new(cmdlet.Service,
        path => BrandPolicy.Load(cmdlet.Paths.Full(path), name => cmdlet.Shelf.Find(name)),
        cmdlet.Paths.Full);

    /// <summary>The rule for a request; null when its images are not checked. Errors in a policy, a judge or a region
    /// are reported before anything is paid for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayBeAlone">Whether an image without references is accepted without a check.</param>
    /// <exception cref="NbException">It cannot be checked by these options.</exception>
    public TryRule? For(PreparedRequest request, bool mayBeAlone)
    {
        TryRule? rule = _rules.For(request, mayBeAlone);
        // Of pictures that build on each other the first has nothing to be measured against.
        if (!mayBeAlone) _rules.DemandUsed(request.Request);
        // With -WhatIf no judge is asked.
        if (rule?.Checker?.Judge is { } judge && !Preferences.WhatIf(cmdlet))
        {
            cmdlet.Await(judge.DemandAsync(cmdlet.Stopped));
        }
        return rule;
    }
}
