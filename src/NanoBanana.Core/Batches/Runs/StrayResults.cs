using System.Globalization;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Json;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>Saves results of a job that belong to no item, because they were paid for.</summary>
internal sealed class StrayResults(BatchRun run)
{
    private readonly BlobStore _store = new(run.Destination);

    /// <summary>The folder for pictures whose item is not known yet.</summary>
    public BlobSink Sink
    {
        get
        {
            Directory.CreateDirectory(_store.TemporaryFolder);
            return BlobSink.Files(_store);
        }
    }

    /// <summary>Saves the pictures of a result in the batch's folder, named after the job and the line, where the
    /// review page shows them.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">The result.</param>
    /// <param name="why">Why it belongs to no item.</param>
    /// <param name="factor">Share of the live price that is paid.</param>
    /// <returns>Names of the files; empty when there is neither a picture nor text.</returns>
    /// <exception cref="NbException">The disk cannot be written.</exception>
    public IReadOnlyList<string> Keep(JobRecord job, BatchResult result, string why, decimal factor)
    {
        if (result.Answer is not { } answer) return [];
        Turn[] turns = [.. answer.Candidates.Select(candidate => candidate.Content).OfType<Turn>()];
        ImagePart[] parts = [.. AnswerResults.Of(turns).SelectMany(results => results)];
        string stem = string.Create(CultureInfo.InvariantCulture, $"{job.Id}-line-{result.Index + 1}");
        decimal? cost = run.Service.Catalog.Find(job.Model) is { } model
            ? Pricing.Actual(model, size: null, answer.Usage, parts.Length, ImageReader.BilledSearches(
                    model, answer, run.Options.TimeProvider.GetUtcNow(), run.Service.IsOffline),
                batchFactor: factor)
            : null;
        var files = new List<string>();
        bool isNew = parts.Length == 0;
        foreach (ImagePart part in parts)
        {
            if (SavedBefore(stem, part.Data) is { } before)
            {
                files.Add(before);
                continue;
            }
            NbImage image = NbImage.Foreign(part.Data) with
            {
                Provenance = new Provenance
                {
                    Cost = cost, Images = parts.Length, CreatedAt = run.Options.TimeProvider.GetUtcNow(),
                        ResponseId = answer.ResponseId,
                },
                Warnings = [why],
            };
            files.Add(Path.GetFileName(ImageFile.SaveIn(image, run.Destination, stem: stem).Path!));
            isNew = true;
        }
        if (parts.Length == 0 && string.Concat(turns.Select(turn => turn.Text)).Trim() is { Length: > 0 } words)
        {
            string path = Path.Combine(AnswersFolder.Of(run.Destination), stem + PictureFormat.Words.Extension);
            files.Add(Path.GetRelativePath(run.Destination, path));
            isNew = !File.Exists(path);
            if (isNew) ImageFile.Save(NbText.Of(words) with { Warnings = [why] }, path);
        }
        if (!isNew) return files;
        run.LogKept(stem, job, cost, answer.ResponseId ?? parts.FirstOrDefault()?.Data.Sha256 ?? stem);
        if (files.Count > 0) run.Notify($"{string.Join(", ", files)}: {why}");
        return files;
    }

    /// <summary>Saves lines that could not be read unchanged, in <c>.nb/answers</c>.</summary>
    /// <returns>Full paths of the saved lines, by number of the line.</returns>
    public async Task<IReadOnlyDictionary<int, string>> KeepLinesAsync(JobReading reading,
        CancellationToken cancellationToken)
    {
        var kept = new Dictionary<int, string>();
        string folder = AnswersFolder.Of(run.Destination);
        string PathOf(int index) =>
            Path.Combine(folder,
            string.Create(CultureInfo.InvariantCulture, $"{reading.Job.Id}-line-{index + 1}.json"));
        int[] wanted = [.. reading.Unreadable.Keys.Where(index =>
        {
            if (!File.Exists(PathOf(index))) return true;
            kept[index] = PathOf(index);
            return false;
        })];
        if (wanted.Length == 0) return kept;
        try
        {
            Directory.CreateDirectory(folder);
            if (reading.State.ResponsesFile is { } file)
            {
                Stream lines = await run.Service.Client.DownloadAsync(file, cancellationToken).ConfigureAwait(false);
                await using (lines.ConfigureAwait(false))
                {
                    await LineSplitter.CopyAsync(
                        new ResultLines(lines), wanted.ToDictionary(index => index, PathOf), cancellationToken)
                        .ConfigureAwait(false);
                }
            }
            else
            {
                foreach (int index in wanted)
                {
                    await File.WriteAllTextAsync(PathOf(index), reading.State.Inlined[index].GetRawText(),
                        cancellationToken).ConfigureAwait(false);
                }
            }
            foreach (int index in wanted.Where(index => File.Exists(PathOf(index)))) kept[index] = PathOf(index);
        }
        catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
        {
            run.Notify($"Lines of the results of {reading.State.Name} that could not be understood could not be kept either: {e.Message}");
        }
        return kept;
    }

    private string? SavedBefore(string stem, Blob data) => Directory.GetFiles(run.Destination, stem + "*")
        .Where(path => !path.EndsWith(Sidecar.Extension, StringComparison.Ordinal))
        .Where(path => new FileInfo(path).Length == data.Length && Blob.FromFile(path).Sha256 == data.Sha256)
        .Select(Path.GetFileName).FirstOrDefault();
}
