using NanoBanana.Batches.Ledgers;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Reports;

/// <summary>What single images cost, from their sidecars: every answer of their conversations, once.</summary>
/// <param name="counted">Ids of the answers that are counted already.</param>
/// <param name="catalog">Prices for the estimates.</param>
internal sealed class SidecarCosts(HashSet<string> counted, ModelCatalog catalog)
{
    private readonly HashSet<JudgingLine> _judgings = [];

    public List<CostLine> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Read(string path)
    {
        Conversation? conversation;
        try
        {
            (conversation, RefusedCall? refused) = Sidecar.ReadCalls(path);
            if (refused is not null) Count(refused, path);
            else CountJudging(path);
        }
        catch (NbException e)
        {
            Warnings.Add(e.Message);
            return;
        }
        Turn[] turns = [.. conversation?.Turns ?? []];
        for (int at = 0; at < turns.Length; at++)
        {
            Turn turn = turns[at];
            if (turn.Provenance is { CreatedAt: { } created } origin && IsNew(turn, origin))
            {
                string model = origin.Model ?? conversation!.Model;
                CostLine usage = LineOf(path, created, model);
                Lines.Add(origin.IsRehearsal ? usage with { Rehearsals = 1 }
                    : usage.WithAnswer(origin.Cost, catalog.Find(model) is { } known
                    ? Pricing.Estimate(known,
                        new RequestOptions { Size = origin.Size, ServiceTier = origin.Usage?.ServiceTier },
                        Pricing.InputTokens(known, turns.Take(at), resolution: null)) : null));
            }
        }
    }

    /// <summary>Reads the judgings of existing images.</summary>
    /// <param name="files">Full paths.</param>
    public void ReadJudgings(IEnumerable<string> files)
    {
        foreach (string file in files) ReadJudgings(file, _ => true);
    }

    /// <summary>Reads the judgings of some images of a folder.</summary>
    /// <param name="file">Full path of the folder's log.</param>
    /// <param name="images">Full paths of the images, or of their sidecars.</param>
    public void ReadJudgings(string file, IEnumerable<string> images)
    {
        var pictures = new HashSet<string?>(StringComparer.Ordinal);
        foreach (string image in images)
        {
            try
            {
                pictures.Add(ImageFile.IsSidecar(image) ? Sidecar.ReadVerdict(image).Sha256
                    : Blob.FromFile(image).Sha256);
            }
            catch (NbException e)
            {
                Warnings.Add(e.Message);
            }
        }
        ReadJudgings(file, line => pictures.Contains(line.Sha256));
    }

    private void ReadJudgings(string file, Func<JudgingLine, bool> isMeant)
    {
        string folder = Path.GetDirectoryName(Path.GetDirectoryName(file))!;
        try
        {
            // A folder that was copied repeats every line.
            Lines.AddRange(JudgingLog.Read(file)
                .Where(line => !line.IsRehearsal && isMeant(line) && _judgings.Add(line))
                .Select(line => new CostLine
                {
                    Day = DateOnly.FromDateTime(line.At.UtcDateTime),
                    Folder = folder,
                    Model = line.Model,
                    Mode = BatchMode.Live,
                }.WithJudging(line.Cost)));
        }
        catch (NbException e)
        {
            Warnings.Add(e.Message);
        }
    }

    // A ledger identifies an answer without an id by its picture. A cache on the way may have returned the same picture
    // for several calls, each of them paid for.
    private bool IsNew(Turn turn, Provenance origin)
    {
        if (origin.ResponseId is { } id) return counted.Add(id);
        string? picture = turn.Results.LastOrDefault()?.Data.Sha256;
        if (picture is not null && counted.Contains(picture)) return false;
        return counted.Add($"{picture} {Provenance.Naming(origin.CreatedAt)}".TrimStart());
    }

    private void CountJudging(string path)
    {
        (ImageVerdict? verdict, string? sha256) = Sidecar.ReadVerdict(path);
        if (verdict is not { Cost: { } cost, IsRehearsal: false } || !counted.Add(CostLine.JudgingOf(sha256))) return;
        Lines.Add(LineOf(path, File.GetLastWriteTimeUtc(path), verdict.JudgeModel ?? "").WithJudging(cost));
    }

    private void Count(RefusedCall refused, string path)
    {
        if (!counted.Add(refused.AnswerId)) return;
        CostLine line = LineOf(path, refused.At, refused.Model);
        Lines.Add(refused.IsRehearsal ? line with { Rehearsals = 1 }
            : refused.IsUncertain ? line.WithUncertain(refused.Estimate)
            : line.WithAnswer(refused.Cost, refused.Estimate));
    }

    private static CostLine LineOf(string path, DateTimeOffset at, string model) => new()
    {
        Day = DateOnly.FromDateTime(at.UtcDateTime),
        Folder = AnswersFolder.Owner(Path.GetDirectoryName(path)!),
        Model = model,
        Mode = BatchMode.Live,
    };
}
