using NanoBanana.Gemini;

namespace NanoBanana.Batches.Runs;

/// <summary>One reading of a job's results: what came, and what has no item yet.</summary>
/// <param name="job">The job.</param>
/// <param name="state">How the service reports it.</param>
internal sealed class JobReading(JobRecord job, GeminiJob state)
{
    public JobRecord Job => job;

    public GeminiJob State => state;

    private readonly HashSet<(string?, string)> _seen = [];

    /// <summary>Whether a line says something that no line of its key said before: the same answer twice is one
    /// answer.</summary>
    public bool IsNew(BatchResult result)
    {
        if (result.Answer is not { } answer) return true;
        string[] pictures = [.. answer.Candidates.SelectMany(candidate => candidate.Content?.Results ?? [])
            .Select(part => part.Data.Sha256)];
        string[] names = pictures.Length > 0 ? pictures : answer.ResponseId is { } id ? [id] : [];
        // All of them are remembered, not only the first that is new.
        string[] unseen = [.. names.Where(name => _seen.Add((result.Key, name)))];
        return unseen.Length > 0 || names.Length == 0;
    }

    /// <summary>Names of the items that a line named.</summary>
    public HashSet<string> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Lines without a key, in the order they came.</summary>
    public List<BatchResult> Keyless { get; } = [];

    /// <summary>For each line that names an item this job does not have, the names of the files that keep its
    /// pictures.</summary>
    public List<IReadOnlyList<string>> Strangers { get; } = [];

    /// <summary>Lines that hold an answer.</summary>
    public int Answers { get; set; }

    /// <summary>Lines that could not be understood, with the items they were for; null where the line names
    /// none.</summary>
    public Dictionary<int, JobRecordItem?> Unreadable { get; } = [];

    /// <summary>The items that no line named.</summary>
    public IReadOnlyList<JobRecordItem> Unnamed => [.. job.Items.Where(item => !Named.Contains(item.Name))];
}
