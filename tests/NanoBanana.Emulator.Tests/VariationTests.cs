using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;
using NanoBanana.Emulator.Settings;

namespace NanoBanana.Emulator.Tests;

/// <summary>The same request twice, and what edits do to the rest of the picture.</summary>
public sealed class VariationTests
{
    [Fact]
    public async Task The_same_request_three_times_gives_three_pictures_and_the_same_three_elsewhere()
    {
        using Emulator one = new();
        using Emulator other = new();
        string[] first = await ThreeAsync(one), second = await ThreeAsync(other);

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_repeatable_emulator_and_a_seed_give_the_same_picture_again()
    {
        using Emulator repeatable = new(new EmulatorOptions { IsRepeatable = true });
        using Emulator seeded = new();

        Assert.Single((await ThreeAsync(repeatable)).Distinct());
        Assert.Single((await ThreeAsync(seeded, """{"seed":7}""")).Distinct());
    }

    [Fact]
    public async Task Three_edits_of_one_picture_keep_its_pattern_and_differ()
    {
        using Emulator emulator = new();
        Answer first = await emulator.GenerateAsync("a fox");
        List<EmulatorPicture> edits = [];
        for (int count = 0; count < 3; count++) edits.Add((await EditAsync(emulator, first.Turn)).Picture);

        Assert.All(edits, edit => Assert.Equal(first.Picture.Seed, edit.Seed));
        Assert.Equal(3, edits.Select(edit => edit.Accents.Single()).Distinct().Count());
    }

    [Fact]
    public async Task Edits_drift_by_the_given_amount_and_keep_everything_else()
    {
        using Emulator emulator = new(new EmulatorOptions { Drift = 2.5 });
        JsonArray contents = new(Emulator.UserTurn("a fox"));
        Answer answer = await emulator.GenerateAsync((JsonArray)contents.DeepClone());
        JpegBlocks first = new(answer.Image);
        List<double> curve = [];
        for (int turn = 0; turn < 6; turn++)
        {
            contents.Add(answer.Turn);
            contents.Add(Emulator.UserTurn($"edit number {turn}"));
            answer = await emulator.GenerateAsync((JsonArray)contents.DeepClone());
            curve.Add(Median(first, new JpegBlocks(answer.Image)));
        }

        // The median block is one that no edit was meant for.
        Assert.Equal(15, answer.Picture.Drift);
        for (int turn = 0; turn < curve.Count; turn++)
        {
            Assert.InRange(curve[turn], (2.5 * (turn + 1)) - 1.5, (2.5 * (turn + 1)) + 1.5);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Edits_of_a_foreign_picture_keep_it_and_drift_too(bool isConversation)
    {
        using Emulator emulator = new(new EmulatorOptions { Drift = 2.5 });
        byte[] photo = (await SmallAsync(emulator, new JsonArray(Emulator.UserTurn("a fox")))).Image;
        // Without what the emulator wrote into it, it could be anybody's.
        int mark = photo.AsSpan().IndexOf("NanoBanana.Emulator"u8);
        photo[mark] = (byte)'n';
        Assert.Null(EmulatorPicture.TryRead(photo));
        JpegBlocks first = new(photo);
        JsonArray contents = new(Emulator.UserTurn("edit number 0", photo));
        for (int turn = 1; turn <= 4; turn++)
        {
            Answer answer = await SmallAsync(emulator, contents);
            Assert.InRange(Median(first, new JpegBlocks(answer.Image)), (2.5 * turn) - 1.5, (2.5 * turn) + 1.5);
            Assert.Equal((turn, 2.5 * turn), (answer.Picture.Depth, answer.Picture.Drift));
            Assert.Contains(EmulatorPicture.BandFor(photo), answer.Picture.Bands);
            // Go on with the conversation, or anew from the picture alone.
            if (isConversation) contents.Add(answer.Turn);
            else contents.Clear();
            contents.Add(isConversation ? Emulator.UserTurn($"edit number {turn}")
                : Emulator.UserTurn($"edit number {turn}", answer.Image));
        }
    }

    [Fact]
    public async Task Without_drift_an_edit_leaves_most_of_the_picture_as_it_was()
    {
        using Emulator emulator = new();
        Answer first = await emulator.GenerateAsync("a fox");
        Answer edit = await EditAsync(emulator, first.Turn);

        Assert.Equal(0, Median(new JpegBlocks(first.Image), new JpegBlocks(edit.Image)));
        Assert.Equal(0, edit.Picture.Drift);
    }

    private static Task<Answer> SmallAsync(Emulator emulator, JsonArray contents) => emulator.PostAsync(
        "v1beta/models/gemini-3.1-flash-image:generateContent", new JsonObject
        {
            ["contents"] = contents.DeepClone(),
            ["generationConfig"] = new JsonObject { ["imageConfig"] = new JsonObject { ["imageSize"] = "512" } },
        });

    private static async Task<string[]> ThreeAsync(Emulator emulator, string config = "{}")
    {
        List<string> hashes = [];
        for (int count = 0; count < 3; count++)
        {
            hashes.Add(Convert.ToHexString(
                System.Security.Cryptography.SHA256.HashData(
                (await emulator.GenerateAsync("a fox", config: config)).Image)));
        }
        return [.. hashes];
    }

    private static Task<Answer> EditAsync(Emulator emulator, JsonNode turn) => emulator.GenerateAsync(
        new JsonArray(Emulator.UserTurn("a fox"), turn.DeepClone(), Emulator.UserTurn("add a red scarf")));

    private static double Median(JpegBlocks before, JpegBlocks after)
    {
        double[] differences = [.. before.Colors.Cast<(int Red, int Green, int Blue)>()
            .Zip(after.Colors.Cast<(int Red, int Green, int Blue)>(), (a, b) =>
                (Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue)) / 3.0).Order()];
        return differences[differences.Length / 2];
    }
}
