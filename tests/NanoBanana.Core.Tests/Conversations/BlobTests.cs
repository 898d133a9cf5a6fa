using System.Security.Cryptography;
using NanoBanana.Storage;

namespace NanoBanana.Tests;

public sealed class BlobTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(3_000_001)]
    public void A_blob_gives_back_what_was_written_in_any_pieces(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using var writer = new MemoryBlobWriter();
        for (int at = 0, step = 1; at < length; at += step, step = step * 3 + 1)
        {
            writer.Write(bytes.AsSpan(at, Math.Min(step, length - at)));
        }

        Blob blob = writer.Complete();

        Assert.Equal(length, blob.Length);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(), blob.Sha256);
        Assert.Equal(bytes, blob.ToArray());
    }

    [Fact]
    public void A_missing_file_behind_a_blob_is_named()
    {
        Blob blob = Blob.FromFile("/nowhere/blob", sha256: new string('0', 64));
        NbException e = Assert.Throws<NbException>(() => blob.OpenRead());
        Assert.Equal("Nb.Blob.Missing", e.ErrorId);
        Assert.Contains("/nowhere/blob", e.Message);
    }

    [Fact]
    public void A_rebase_is_not_suggested_when_the_picture_itself_is_missing()
    {
        string AdviceFor(string path) =>
            Assert.Throws<NbException>(() => Blob.FromFile(path, sha256: new string('0', 64)).OpenRead()).Advice;

        Assert.Contains("{option:rebase}", AdviceFor(new BlobStore("/nowhere").PathOf(new string('0', 64))));
        Assert.DoesNotContain("{option:rebase}", AdviceFor("/nowhere/fox.jpg"));
    }
}
