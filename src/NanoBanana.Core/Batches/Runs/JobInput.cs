using System.Collections.Immutable;
using NanoBanana.Batches.Plans;
using NanoBanana.Gemini;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>The requests of one job as a file of JSON lines, filled until it is as large as a job should be.</summary>
internal sealed class JobInput : IAsyncDisposable
{
    // The service accepts 2 GB, and its upload counts everything else in a request too.
    private const long MostInputBytes = 1_900_000_000;

    // A result file of this size is still fetched within minutes. A line is 5 to 10 MB: base64 of the picture and its
    // signatures.
    private const long MostOutputBytes = 2_000_000_000;

    private readonly FileStream _stream;
    private readonly ImmutableArray<JobRecordItem>.Builder _items = ImmutableArray.CreateBuilder<JobRecordItem>();
    private long _outputBytes;

    public JobInput(string id, string path)
    {
        Id = id;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    public string Id { get; }

    public List<BatchNode> Nodes { get; } = [];

    public ImmutableArray<JobRecordItem> Items => _items.ToImmutable();

    /// <summary>Adds a request; false when the job is full.</summary>
    /// <param name="node">The item.</param>
    /// <param name="request">The checked request.</param>
    /// <param name="call">The call, with the user's pictures as uploaded files.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<bool> TryAddAsync(BatchNode node, PreparedRequest request, GenerateCall call,
        CancellationToken cancellationToken)
    {
        RequestBody line = RequestWriter.WriteBatchLine(node.Name, call);
        long output = OutputBytes(request);
        if (_items.Count > 0
            && (_stream.Position + line.Length > MostInputBytes || _outputBytes + output > MostOutputBytes))
        {
            return false;
        }
        await line.WriteToAsync(_stream, cancellationToken).ConfigureAwait(false);
        _stream.WriteByte((byte)'\n');
        _outputBytes += output;
        _items.Add(new JobRecordItem(node.Name, node.ItemKey!, request.RequestHash));
        Nodes.Add(node);
        return true;
    }

    /// <summary>Ends the file.</summary>
    public async Task<Blob> CompleteAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        return Blob.FromFile(_stream.Name);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            File.Delete(_stream.Name);
        }
    }

    /// <summary>The bytes that its answer is expected to have, at most.</summary>
    internal static long OutputBytes(PreparedRequest request) =>
        (request.Size ?? request.Call.ImageSize ?? request.Model.DefaultSize) switch
    {
        "512" => 2_000_000,
        "2K" => 10_000_000,
        "4K" => 30_000_000,
        _ => 5_000_000,
    };
}
