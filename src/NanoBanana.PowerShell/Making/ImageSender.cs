using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell;

/// <summary>The steps of a cmdlet's request before it is sent: it is completed, checked, priced, and approved by the
/// user.</summary>
/// <param name="cmdlet">The cmdlet, which has the options and asks the user.</param>
/// <param name="orders">The orders, which send it.</param>
/// <param name="offer">Asks whether an edit is sent without its history.</param>
internal sealed class ImageSender(ImageCmdlet cmdlet, ImageOrders orders, RebaseOffer offer)
{
    private const string Caption = "Make images";

    private readonly CheckingRules _checking = new(cmdlet);
    private readonly PlannedCost _planned = new();

    /// <summary>Sends a request, as often as the cmdlet wants copies of it.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="stem">Name of its files without extension; null for a name made of the prompt.</param>
    public void Send(ImageRequest asked, string? stem)
    {
        if (orders.Warnings.Any)
        {
            orders.EmitAll();
            orders.Warnings.WriteHeld();
        }
        object input = cmdlet.Input ?? asked.Prompt;
        PreparedRequest? prepared = null;
        SaveTarget? place = null;
        TryRule? rule = null;
        bool isReady = cmdlet.Try(
            () =>
            {
                place = cmdlet.PlaceOf(asked, stem);
                prepared = offer.Prepare(asked, cmdlet.Prepare);
                rule = _checking.For(prepared, cmdlet.MayBeAlone);
            },
            input);
        if (!isReady) return;
        if (cmdlet.Made(prepared!, place!, rule) is { } made)
        {
            cmdlet.Emit(made.WithInputObject(cmdlet.Input));
            return;
        }
        foreach (string warning in prepared!.Warnings) orders.Warnings.Warn(warning);
        bool isRebased = prepared.IsHistoryTooLarge
            && offer.IsTaken("The conversation is large",
                "Start a new conversation from the picture alone? 'No' sends the whole conversation.");
        if (isRebased && !cmdlet.Try(() => prepared = cmdlet.Prepare(asked with { Rebase = true }), input)) return;
        if (!IsApproved(_planned.Add(prepared, rule, cmdlet.Copies), cmdlet.Force)) return;
        if (!cmdlet.MayCost(_planned.Most)) return;
        orders.Send(prepared, place!, rule, input, cmdlet.Copies);
    }

    /// <summary>Reports the cost of all requests together, and what the service stores of them.</summary>
    public void SayTerms()
    {
        if (_planned.Total(cmdlet.MaxCost) is { } total) IsApproved(total, force: false);
        if (_planned.IsStored) Confirmation.TellStorage(cmdlet, Caption);
    }

    private bool IsApproved(string sentence, bool force) =>
        Confirmation.ApprovesSentence(cmdlet, sentence, Caption, force);
}
