using NanoBanana.Batches.Ledgers;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Reports;

/// <summary>What single images did cost, by their sidecars: every answer of their conversations, once.</summary>
/// <param name="counted">Names of the answers that are counted already.</param>
/// <param name="catalog">Prices for the estimates.</param>
internal sealed class SidecarCosts(HashSet<string> counted, ModelCatalog catalog)
{
    public List<CostLine> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Read(string path)
    {
        Conversation? conversation;
        try
        {
            conversation = Sidecar.ReadConversation(path);
            ReadJudging(path);
        }
        catch (NbException e)
        {
            Warnings.Add(e.Message);
            return;
        }
        long characters = 0;
        int images = 0;
        foreach (Turn turn in conversation?.Turns ?? [])
        {
            // Named as the ledger names it.
            string? answer = turn.Provenance?.ResponseId ?? turn.Results.LastOrDefault()?.Data.Sha256;
            if (turn.Provenance is { CreatedAt: { } created } origin && answer is not null && counted.Add(answer))
            {
                string model = origin.Model ?? conversation!.Model;
                Lines.Add(new CostLine
                {
                    Day = DateOnly.FromDateTime(created.UtcDateTime),
                    Folder = Path.GetDirectoryName(path)!,
                    Model = model,
                    Mode = BatchMode.Live,
                }.WithAnswer(origin.Cost, catalog.Find(model) is { } known
                    ? Pricing.Estimate(known, origin.Size, characters, images) : null));
            }
            characters += turn.Parts.OfType<TextPart>().Sum(part => (long)part.Text.Length);
            images += turn.Parts.Count(part => part is ImagePart or FilePart);
        }
    }

    private void ReadJudging(string path)
    {
        if (Sidecar.ReadVerdict(path) is not { Verdict: { Cost: { } cost } verdict, Sha256: var sha256 }
            || !counted.Add(CostLine.JudgingOf(sha256)))
        {
            return;
        }
        Lines.Add(new CostLine
        {
            Day = DateOnly.FromDateTime(File.GetLastWriteTimeUtc(path)),
            Folder = Path.GetDirectoryName(path)!,
            Model = verdict.JudgeModel ?? "",
            Mode = BatchMode.Live,
        }.WithJudging(cost));
    }
}
