using System.Management.Automation;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>Offers to start a new conversation from the picture alone when the conversation causes an error.</summary>
/// <param name="cmdlet">The cmdlet that asks.</param>
/// <param name="force">Whether to send it again without a question.</param>
internal sealed class RebaseOffer(PSCmdlet cmdlet, Func<bool> force)
{
    // An edit with one of these errors may succeed from the picture alone. Nothing was billed.
    private static readonly string[] Errors =
        ["Nb.Blob.Missing", "Nb.Blob.Damaged", "Nb.Service.SignatureRejected", "Nb.Request.TooLarge",
            "Nb.Service.RequestTooLarge"];

    /// <summary>Whether the conversation caused the error.</summary>
    public static bool IsFor(NbException error) => Errors.Contains(error.ErrorId);

    /// <summary>Prepares a request; if its conversation causes an error, offers to send it without the
    /// conversation.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="prepare">Checks it.</param>
    /// <exception cref="NbException">It cannot be sent, or the offer was declined.</exception>
    public PreparedRequest Prepare(ImageRequest asked, Func<ImageRequest, PreparedRequest> prepare)
    {
        NbException obstacle;
        try
        {
            return prepare(asked);
        }
        catch (NbException e) when (asked.Source is not null && asked.Rebase != true && IsFor(e))
        {
            obstacle = e;
        }
        // Outside the catch: the question may itself end the pipeline.
        return IsTaken(obstacle) ? prepare(asked with { Rebase = true }) : throw obstacle;
    }

    /// <summary>Whether a failed edit is sent once more, from the picture alone.</summary>
    public bool IsTaken(NbException obstacle) =>
        IsTaken("The conversation cannot go on",
            $"{obstacle.Message}\nStart a new conversation from the picture alone? 'No' reports the error.");

    /// <summary>Whether a user is there and agrees.</summary>
    public bool IsTaken(string caption, string question) =>
        !force() && Confirmation.Ask(cmdlet, question, caption) == true;
}
