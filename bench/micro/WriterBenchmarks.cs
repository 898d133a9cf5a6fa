using BenchmarkDotNet.Attributes;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Storage;

namespace NanoBanana.Bench.Micro;

/// <summary>The writer by itself: a request with five references of 4 MiB, from memory and from files, into
/// nothing.</summary>
public class WriterBenchmarks
{
    private const int Length = 4 * 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("nb-micro-").FullName;
    private GenerateCall _memory = Call([]);
    private GenerateCall _files = Call([]);

    [GlobalSetup]
    public void Prepare()
    {
        string[] paths = [.. Enumerable.Range(0, 5).Select(i => Path.Combine(_folder, $"{i}.png"))];
        foreach (string path in paths) File.WriteAllBytes(path, CannedJson.RandomBytes(Length));
        _files = Call(paths.Select(path => Blob.FromFile(path)));
        _memory = Call(paths.Select(path => Blob.FromBytes(File.ReadAllBytes(path))));
    }

    [GlobalCleanup]
    public void CleanUp() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public Task FromFiles() => RequestWriter.Write(_files).WriteToAsync(Stream.Null, CancellationToken.None);

    [Benchmark]
    public Task FromMemory() => RequestWriter.Write(_memory).WriteToAsync(Stream.Null, CancellationToken.None);

    private static GenerateCall Call(IEnumerable<Blob> blobs) => new()
    {
        Model = "gemini-3.1-flash-image",
        Contents = [new Turn(Turn.User,
            [new TextPart("The five of them"), .. blobs.Select(blob => new ImagePart(blob, "image/png"))])],
    };
}
