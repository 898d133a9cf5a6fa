using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Pictures;
using Xunit.Abstractions;

namespace NanoBanana.Tests.Judging;

/// <summary>Pairs that the emulator draws: the numbers in docs/consistency.md come from here.</summary>
public sealed class EmulatedPairTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("a fox")]
    [InlineData("a red lamp on a desk")]
    [InlineData("a lighthouse at dawn")]
    [InlineData("an owl in a library")]
    public async Task Measures_and_judge_order_same_restyled_recolored_and_other_pictures(string subject)
    {
        using var fixture = new EmulatorFixture();
        NbImage source = await fixture.DrawAsync(subject);
        NbImage restyled = await fixture.EditAsync(source, "restyle it as an etching");
        NbImage recolored = await fixture.EditAsync(source, "recolor it for the autumn");
        NbImage other = await fixture.DrawAsync($"not {subject}");

        (PictureDrift Drift, Judgment Judgment)[] found =
        [
            await ComparedAsync(fixture, source, source), await ComparedAsync(fixture, source, restyled),
            await ComparedAsync(fixture, source, recolored), await ComparedAsync(fixture, source, other),
        ];
        foreach ((PictureDrift drift, Judgment judgment) in found)
        {
            output.WriteLine(FormattableString.Invariant(
                $"{drift.MeanError:0.0} {drift.PaletteDistance:0.000} {drift.HashDistance} {judgment.Score:0.000}"));
        }

        Ascends([.. found.Select(one => one.Drift.MeanError)]);
        Assert.True(found[1].Drift.PaletteDistance < found[2].Drift.PaletteDistance);
        Assert.All(found[..3], one => Assert.True(one.Drift.HashDistance < 10));
        Assert.True(found[3].Drift.HashDistance > 20);
        // Both changes are seen, each in its own aspect, and neither is another picture.
        Assert.Equal(1, found[0].Judgment.Score);
        Assert.All(found[1..3], one => Assert.InRange(one.Judgment.Score, 0.5, 0.8));
        Assert.True(found[3].Judgment.Score < 0.5);
        Assert.Equal((0, true), (Score(found[1], "style"), Score(found[1], "colors") > 0.9));
        Assert.Equal((0, true), (Score(found[2], "colors"), Score(found[2], "style") > 0.9));
    }

    private static void Ascends(double[] values) =>
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(pair.First < pair.Second, string.Join(' ', values)));

    private static double Score((PictureDrift Drift, Judgment Judgment) found, string aspect) =>
        found.Judgment.Aspects.Single(one => one.Name == aspect).Score;

    private static async Task<(PictureDrift Drift, Judgment Judgment)> ComparedAsync(
        EmulatorFixture fixture, NbImage before, NbImage after)
    {
        PictureDrift drift = ImagingExtension.Current.Value.Drift(before.ToSource(), after.ToSource(),
            new DriftOptions { Align = false });
        var question = new JudgeQuestion { Image = after, References = [new Reference(before.ToPicture())] };
        return (drift, await fixture.Service.Judge().AskAsync(question, default));
    }
}
