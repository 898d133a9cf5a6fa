using BenchmarkDotNet.Attributes;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Bench.Micro;

/// <summary>The reader by itself: an answer that is in memory already, into memory, into a file, and into
/// nothing.</summary>
public class ReaderBenchmarks
{
    private const int MiB = 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("nb-micro-").FullName;
    private byte[] _body = [];
    private BlobSink _files = BlobSink.Memory;

    [Params(2, 20)]
    public int ImageMiB { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _body = CannedJson.Answer(ImageMiB * MiB, MiB);
        _files = BlobSink.Files(new BlobStore(_folder));
    }

    [GlobalCleanup]
    public void CleanUp() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public Task<Answer> ToMemory() => ReadAsync(BlobSink.Memory);

    [Benchmark]
    public async Task ToFile()
    {
        await ReadAsync(_files);
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public Task<Answer> ToNothing() => ReadAsync(NoSink.Instance);

    [Benchmark]
    public async Task<string> ToMemoryAndHash()
    {
        Answer answer = await ReadAsync(BlobSink.Memory);
        return ((ImagePart)answer.Candidates[0].Content!.Parts[0]).Data.Sha256;
    }

    private Task<Answer> ReadAsync(BlobSink sink) =>
        AnswerReader.ReadAsync(new MemoryStream(_body), sink, CancellationToken.None);
}
