using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Tests.Batches;

public sealed class ShardTests
{
    [Fact]
    public void A_shard_is_read_as_number_and_count() => Assert.Equal(new Shard(2, 8), Shard.Parse("2/8"));

    [Theory]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("2")]
    [InlineData("2/8/9")]
    [InlineData("")]
    public void An_invalid_shard_is_refused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));

    [Theory]
    [InlineData("0", "4", "1/4")]
    [InlineData("3", "4", "4/4")]
    [InlineData("4", "4", null)]
    [InlineData("-1", "4", null)]
    [InlineData(null, "4", null)]
    [InlineData("0", null, null)]
    public void Auto_reads_the_shard_of_an_indexed_job(string? index, string? count, string? shard)
    {
        string? indexBefore = Environment.GetEnvironmentVariable(Shard.IndexVariable);
        string? countBefore = Environment.GetEnvironmentVariable(Shard.CountVariable);
        try
        {
            Environment.SetEnvironmentVariable(Shard.IndexVariable, index);
            Environment.SetEnvironmentVariable(Shard.CountVariable, count);
            if (shard is null) Assert.Throws<FormatException>(() => Shard.Parse("auto"));
            else Assert.Equal(shard, Shard.Parse("auto").ToString());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Shard.IndexVariable, indexBefore);
            Environment.SetEnvironmentVariable(Shard.CountVariable, countBefore);
        }
    }
}
