using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

public sealed class SignatureTests : IDisposable
{
    private readonly Emulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public async Task A_turn_returned_verbatim_is_accepted_by_another_emulator()
    {
        using Emulator other = new();
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;

        Assert.Equal(HttpStatusCode.OK, (await other.GenerateAsync(History(turn))).Status);
    }

    [Fact]
    public async Task A_missing_signature_is_named_with_its_place()
    {
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;
        turn["parts"]![1]!.AsObject().Remove("thoughtSignature");
        Answer answer = await _emulator.GenerateAsync(History(turn));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(
            "Image part is missing a thought_signature in content position 2, part position 2. ",
            answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(40_001)]
    [InlineData(-1)]
    public async Task Every_byte_is_checked(int position)
    {
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;
        byte[] signature = Signature(turn, 1);
        signature[position < 0 ? signature.Length - 1 : position] ^= 1;
        turn["parts"]![1]!["thoughtSignature"] = Convert.ToBase64String(signature);

        await IsCorrupted(turn);
    }

    [Fact]
    public async Task A_shortened_signature_is_refused()
    {
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;
        turn["parts"]![1]!["thoughtSignature"] = Convert.ToBase64String(Signature(turn, 1).AsSpan(0, 4096));

        await IsCorrupted(turn);
    }

    [Fact]
    public async Task A_signature_belongs_to_its_part()
    {
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;
        JsonNode other = (await _emulator.GenerateAsync("a castle")).Turn;
        turn["parts"]![1]!["thoughtSignature"] = other["parts"]![1]!["thoughtSignature"]!.DeepClone();

        await IsCorrupted(turn);
    }

    [Fact]
    public async Task A_signature_belongs_to_its_model()
    {
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;

        await IsCorrupted(turn, Emulator.Pro);
    }

    [Fact]
    public async Task A_changed_picture_is_refused()
    {
        JsonNode turn = (await _emulator.GenerateAsync("a fox")).Turn;
        turn["parts"]![1]!["inlineData"]!["data"] =
            (await _emulator.GenerateAsync("a castle")).Turn["parts"]![1]!["inlineData"]!["data"]!.DeepClone();

        await IsCorrupted(turn);
    }

    [Fact]
    public async Task User_parts_need_no_signature()
    {
        byte[] image = (await _emulator.GenerateAsync("a fox")).Image;

        Assert.Equal(
            HttpStatusCode.OK,
                (await _emulator.GenerateAsync(new JsonArray(Emulator.UserTurn("again", image)), Emulator.Pro)).Status);
    }

    [Fact]
    public async Task Thoughts_are_accepted_without_a_signature()
    {
        Answer answer = await _emulator.GenerateAsync(
            "a fox", config: """{"thinkingConfig":{"thinkingLevel":"high","includeThoughts":true}}""");

        Assert.Equal(HttpStatusCode.OK, (await _emulator.GenerateAsync(History(answer.Turn))).Status);
    }

    [Fact]
    public async Task Big_signatures_are_as_large_as_the_largest_of_the_service()
    {
        using Emulator big = new(new EmulatorOptions { Big = true });
        Answer answer = await big.GenerateAsync("a fox");

        Assert.Equal(1536 * 1024, Signature(answer.Turn, 1).Length);
        Assert.InRange(answer.Image.Length, 10 * 1024 * 1024, 20 * 1024 * 1024);
        Assert.Equal(HttpStatusCode.OK, (await big.GenerateAsync(History(answer.Turn))).Status);
    }

    private static byte[] Signature(JsonNode turn, int part) =>
        Convert.FromBase64String(turn["parts"]![part]!["thoughtSignature"]!.GetValue<string>());

    private static JsonArray History(JsonNode turn) =>
        new(Emulator.UserTurn("a fox"), turn.DeepClone(), Emulator.UserTurn("add a scarf"));

    private async Task IsCorrupted(JsonNode turn, string model = Emulator.Nb21)
    {
        Answer answer = await _emulator.GenerateAsync(History(turn), model);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Corrupted thought signature.", answer.ErrorMessage);
    }
}
