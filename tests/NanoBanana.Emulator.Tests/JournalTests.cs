using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Journal;

namespace NanoBanana.Emulator.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task A_body_is_kept_with_hash_and_length_for_base64()
    {
        byte[] image = (await _emulator.GenerateAsync("a fox")).Image;
        await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("again", image)));
        JsonNode body = JsonNode.Parse(_emulator.Service.Journal.Entries[1].Body!)!;

        Assert.Equal(
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(image))} bytes:{image.Length}",
            body["contents"]![0]!["parts"]![1]!["inlineData"]!["data"]!.GetValue<string>());
        Assert.Equal("again", body["contents"]![0]!["parts"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_is_never_kept()
    {
        await _emulator.GetAsync("v1beta/models?key=another-secret");
        JournalEntry entry = Assert.Single(_emulator.Service.Journal.Entries);

        Assert.Equal("***", entry.Headers["x-goog-api-key"]);
        Assert.Equal("***", entry.Query["key"]);
    }

    [Fact]
    public async Task The_server_shows_journal_statistics_and_clock()
    {
        await using EmulatorServer server = EmulatorServer.Start(_emulator.Service);
        using HttpClient client = new() { BaseAddress = server.BaseUri };
        await _emulator.GenerateAsync("a fox");
        JsonNode journal = JsonNode.Parse(await client.GetStringAsync("emulator/journal"))!;
        JsonNode statistics = JsonNode.Parse(await client.GetStringAsync("emulator/statistics"))!;
        DateTimeOffset before = _emulator.Service.Now;
        using HttpResponseMessage clock =
            await client.PostAsync("emulator/clock", new StringContent("""{"advance":"49:00:00"}"""));

        Assert.Equal("a fox",
            journal["entries"]![0]!["body"]!["contents"]![0]!["parts"]![0]!["text"]!.GetValue<string>());
        Assert.True(journal["entries"]![0]!["isDelivered"]!.GetValue<bool>());
        Assert.Equal(1, statistics["billedGenerations"]!.GetValue<int>());
        Assert.True(_emulator.Service.Now - before >= TimeSpan.FromHours(49));
    }
}
