using System.Text;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Generation;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Fuzz;

/// <summary>A folder that a batch, an edit and an anchor library have been at work in: what they wrote is valid
/// input.</summary>
internal sealed class FuzzBench : IDisposable
{
    private const string Items = """
        {"defaults":{"model":"nb2-lite","aspectRatio":"8:1"},
         "anchors":[{"name":"kael","role":"character","path":"kael.png","description":"red scarf"}],
         "items":[{"name":"one","prompt":"one","anchors":["kael"]},{"name":"two","from":"one","edit":"a hat"},
         {"name":"three","prompt":"three","references":[{"path":"kael.png","role":"style"}],"seed":5,"outFile":"sub/three"}]}
        """;

    private readonly EmulatorFixture _fixture = new();

    private FuzzBench()
    {
    }

    public ImageService Service => _fixture.Service;

    /// <summary>The batch's folder.</summary>
    public string Folder => _fixture.Destination;

    /// <summary>A request that an answer may belong to.</summary>
    public PreparedRequest Request { get; private set; } = null!;

    public string this[string name] => Path.Combine(Folder, name);

    public static async Task<FuzzBench> MakeAsync()
    {
        var bench = new FuzzBench();
        string picture = await bench._fixture.DrawFileAsync("kael.png", "kael");
        await bench._fixture.RunAsync(Items);
        new AnchorLibrary(bench.Folder).Save(
            Anchor.Create("kael", ReferenceRole.Character, "red scarf", [Picture.FromFile(picture)]));
        // Leaves a job that is not fetched.
        await bench._fixture.RunAsync(
            Items.Replace("\"edit\":\"a hat\"", "\"edit\":\"a cap\"", StringComparison.Ordinal),
            new BatchOptions { Mode = BatchMode.Batch, Wait = false });
        bench.Request = bench.Service.Prepare(new ImageRequest { Prompt = "fox", Model = "nb2", Size = "1K" });
        return bench;
    }

    /// <summary>What lies in a file of the folder.</summary>
    public byte[] Bytes(string name) => File.ReadAllBytes(this[name]);

    /// <summary>Puts an input in a file's place, and gives its path.</summary>
    public string Put(string name, byte[] input)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, input);
        return path;
    }

    public static IReadOnlyList<byte[]> Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    public void Dispose() => _fixture.Dispose();
}
