using NanoBanana.Gemini;

namespace NanoBanana.Batches.Runs;

/// <summary>One pass through a job's results: what was received, and what has no item yet.</summary>
/// <param name="job">The job.</param>
/// <param name="state">The state that the service reports.</param>
internal sealed class JobReading(JobRecord job, GeminiJob state)
{
    public JobRecord Job => job;

    public GeminiJob State => state;

    private readonly HashSet<(string?, string)> _seen = [];

    /// <summary>Whether a line differs from the earlier lines of its key: the same answer twice counts once.</summary>
    public bool IsNew(BatchResult result)
    {
        if (result.Answer is not { } answer) return true;
        string[] pictures = [.. answer.Candidates.SelectMany(candidate => candidate.Content?.Results ?? [])
            .Select(part => part.Data.Sha256)];
        string[] names = pictures.Length > 0 ? pictures : answer.ResponseId is { } id ? [id] : [];
        // All results are remembered, not only the first new one.
        string[] unseen = [.. names.Where(name => _seen.Add((result.Key, name)))];
        return unseen.Length > 0 || names.Length == 0;
    }

    /// <summary>Names of the items that a line named.</summary>
    public HashSet<string> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Lines without a key, in the order received.</summary>
    public List<BatchResult> Keyless { get; } = [];

    /// <summary>For each line whose key is not an item of this job, the names of the files with its pictures.</summary>
    public List<IReadOnlyList<string>> Strangers { get; } = [];

    /// <summary>Number of lines with an answer.</summary>
    public int Answers { get; set; }

    /// <summary>Lines that could not be read, with their items; null for a line without a key.</summary>
    public Dictionary<int, JobRecordItem?> Unreadable { get; } = [];

    /// <summary>The items that no line named.</summary>
    public IReadOnlyList<JobRecordItem> Unnamed => [.. job.Items.Where(item => !Named.Contains(item.Name))];
}
