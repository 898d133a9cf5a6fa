using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>The jobs whose results have not been received: one file for each in <c>.nb/jobs</c>, so that any process
/// can fetch them.</summary>
/// <param name="destination">Full path of the batch's folder.</param>
internal sealed partial class JobStore(string destination)
{
    private readonly string _folder = Path.Combine(destination, BlobStore.FolderName, "jobs");

    private readonly BlobStore _store = new(destination);

    public IReadOnlyList<JobRecord> ReadAll() => Directory.Exists(_folder)
        ? [.. Directory.GetFiles(_folder, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<JobRecord>()]
        : [];

    /// <exception cref="NbException">The folder cannot be written.</exception>
    public void Write(JobRecord job)
    {
        string path = PathOf(job.Id, ".json");
        try
        {
            Disk.CreateFolder(_folder);
            AtomicFile.Write(path, _store.TemporaryFolder, overwrite: true, stream =>
                JsonSerializer.Serialize(stream, job, JobJson.Default.JobRecord));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(path, e);
        }
    }

    /// <summary>Removes a job whose results have been received.</summary>
    public void Remove(JobRecord job)
    {
        Disk.Delete(PathOf(job.Id, ".json"));
        Disk.Delete(PathOf(job.Id, ".jsonl"));
    }

    /// <summary>The file in which the requests of a job are collected before the upload.</summary>
    public string InputPath(string id) => PathOf(id, ".jsonl");

    /// <summary>Files of collected requests; when no process works on the batch, a crash has left them
    /// behind.</summary>
    public IEnumerable<string> Inputs => Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.jsonl") : [];

    private string PathOf(string id, string extension) => Path.Combine(_folder, id + extension);

    // The folder may come from somebody else, so the names in the file must not lead outside, here or at the service.
    private static JobRecord? Read(string path)
    {
        try
        {
            using Stream stream = Disk.OpenRead(path);
            JobRecord? job = JsonSerializer.Deserialize(stream, JobJson.Default.JobRecord);
            bool isWellFormed = job is not null && !job.Items.IsDefaultOrEmpty
                && IdForm().IsMatch(job.Id) && job.Id == Path.GetFileNameWithoutExtension(path)
                && (job.Name is null || NameForm().IsMatch(job.Name)) && InputForm().IsMatch(job.Input)
                && job.Items.All(item => item is { Name: not null, ItemKey: not null, RequestHash: not null });
            return isWellFormed ? job : null;
        }
        catch (Exception e) when (Disk.IsRefusal(e) || StoredJson.IsMalformed(e))
        {
            // Files are written atomically, so this one was changed from outside. Its items count as uncertain.
            return null;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,63}\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"\Abatches/[A-Za-z0-9._-]{1,128}\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\Afiles/[A-Za-z0-9._-]{1,128}\z")]
    private static partial Regex InputForm();
}
