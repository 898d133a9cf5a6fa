using System.Text;
using NanoBanana.Gemini;

namespace NanoBanana.Tests.Gemini;

/// <summary>Bodies that are kept as they came.</summary>
public sealed class KeptAnswerTests
{
    [Fact]
    public void A_key_in_a_binary_body_is_hidden_and_all_other_bytes_are_kept()
    {
        using var folder = new TemporaryFolder();
        string key = $"kept-answer-{Guid.NewGuid():N}";
        Secrets.Add(key);
        // No letters: other tests' keys are hidden too.
        byte[] before = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xC3], after = [0xFF, 0xFE, 0x80, 0x00];
        byte[] body = [.. before, .. Encoding.ASCII.GetBytes(key), .. after];
        string file = KeptAnswer.Save(body, folder.Path, ".json.zst")!;
        Assert.Equal([.. before, .. "[hidden]"u8, .. after], File.ReadAllBytes(file));
    }
}
