namespace NanoBanana.Tests;

public sealed class ReadableTests
{
    [Theory]
    [InlineData("a fox", "a fox")]
    [InlineData("a fox in the snow", "a fox in …")]
    [InlineData("123456789\U0001F98A fox", "123456789…")]
    [InlineData("12345678\U0001F98A fox", "12345678…")]
    public void A_short_text_never_ends_in_half_a_character(string text, string shown) =>
        Assert.Equal(shown, Readable.Short(text, most: 10));

    [Fact]
    public void A_very_long_text_is_not_copied_to_be_shown_short()
    {
        string text = new('x', 10_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("xxxxxxxxx…", Readable.Short(text, most: 10));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal("fox…", Readable.Short("fox" + new string('\n', 100_000), most: 10));
    }
}
