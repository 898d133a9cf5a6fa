using System.Management.Automation;
using System.Management.Automation.Host;
using NanoBanana.Generation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

// The offer to start anew from the picture alone, where the conversation stands in the way.
public abstract partial class ImageCmdlet
{
    // An edit that fails so may succeed from the picture alone. Nothing was billed.
    private static readonly string[] HistoryErrors =
        ["Nb.Blob.Missing", "Nb.Blob.Damaged", "Nb.Service.SignatureRejected", "Nb.Request.TooLarge", "Nb.Service.RequestTooLarge"];

    private bool WantsRebase(NbException obstacle) =>
        WantsRebase("The conversation cannot go on", $"{obstacle.Message}\nStart anew from the picture alone? 'No' reports the error.");

    // Where somebody sits there, the way out is offered.
    private bool WantsRebase(string caption, string question)
    {
        bool isAlone = Host.Name == "ConsoleHost" && Console.IsInputRedirected;
        if (Force || isAlone || Preferences.WhatIf(this)) return false;
        try
        {
            return ShouldContinue(question, caption);
        }
        // Nobody can be asked: -NonInteractive, or a host without a screen.
        catch (Exception e) when (e is PSInvalidOperationException or HostException or NotImplementedException)
        {
            return false;
        }
    }

    // Sends an edit that its history stands in the way of once more without it, where somebody says so.
    private bool SendAnew(SingleOrder order, Outcome outcome)
    {
        PreparedRequest request = order.Request;
        bool isWanted = outcome.Error is { } error && request.ContinuesConversation && HistoryErrors.Contains(error.ErrorId) && WantsRebase(error);
        if (!isWanted) return false;
        PreparedRequest? anew = null;
        if (Try(() => anew = Service.Prepare(request.Request with { Rebase = true }), request.Request.Prompt)) _engine!.Add(new SingleOrder(anew!, order.Place));
        return true;
    }
}
