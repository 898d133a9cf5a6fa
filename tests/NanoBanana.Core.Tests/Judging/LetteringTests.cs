using NanoBanana.Judging;

namespace NanoBanana.Tests.Judging;

/// <summary>What was ordered, letter by letter against what was read back.</summary>
public sealed class LetteringTests
{
    [Theory]
    [InlineData("OPEN", "OPEN", 0)]
    [InlineData("Open now", "OPEN|NOW", 0)]
    [InlineData("OPEN", "OEPN", 2)]
    [InlineData("OPEN", "", 4)]
    [InlineData("café", "cafe", 1)]
    [InlineData("開店中", "開店中", 0)]
    [InlineData("開店中", "閉店中", 1)]
    [InlineData("مفتوح", "\u200Fمفتوح", 0)]
    [InlineData("مفتوح", "مفتح", 1)]
    [InlineData("caf\u00e9", "cafe\u0301", 0)]
    [InlineData("SALE!", "\uff33\uff21\uff2c\uff25\uff01", 0)]
    [InlineData("\u30d1\u30f3", "\uff8a\uff9f\uff9d", 0)]
    [InlineData("fine...", "\ufb01ne\u2026", 0)]
    public void Wrong_letters_are_counted(string ordered, string read, int wrong)
    {
        LetteringCheck check = Assert.Single(
            Lettering.Compare([ordered], [.. read.Split('|', StringSplitOptions.RemoveEmptyEntries)]));

        Assert.Equal(wrong, check.WrongLetters);
        Assert.Equal(wrong == 0, check.Score == 1);
    }

    [Fact]
    public void Texts_in_quotation_marks_in_a_prompt_are_expected_in_the_picture() => Assert.Equal(
        ["OPEN", "開店", "ouvert"], (string[])[.. Lettering.OrderedIn("a sign \"OPEN\", below it 「開店」 and «ouvert», \"OPEN\" twice")]);

    [Theory]
    [InlineData("Sale", "Ausverkauf", "Ausverkauf|SALE", true)]
    [InlineData("Sale", "Ausverkauf", "Ausverkauf", false)]
    [InlineData("Summer sale", "Sommerschlussverkauf", "Sommerschlussverkauf|Summer|sale", true)]
    [InlineData("Sale", "Wholesale", "Wholesale", false)]
    [InlineData("Open", "Open House", "Open House", false)]
    [InlineData("Open", "Open House", "Open House|Open", true)]
    [InlineData("Sale", "Sale", "Sale", false)]
    [InlineData("\u590F\u306E\u30BB\u30FC\u30EB", "Sale", "Sale|\u590F\u306E\u30BB\u30FC\u30EB", true)]
    public void Replaced_words_are_found_only_as_whole_words(
        string old, string ordered, string read, bool isLeft)
    {
        string[] left = [.. Lettering.LeftStanding([old], [ordered], [.. read.Split('|')])];

        Assert.Equal(isLeft ? [old] : Array.Empty<string>(), left);
    }

    [Theory]
    [InlineData("OPEN", "OPEN", "")]
    [InlineData("OPEN", "Open|Lorem ipsum", "Lorem ipsum")]
    [InlineData("OPEN", "Open lorem", "lorem")]
    [InlineData("Open now", "OPEN|NOW|8-18", "8-18")]
    [InlineData("OPEN|Bakery", "Bakery|OPEN|- *", "")]
    [InlineData("\u958B\u5E97\u4E2D", "\u672C\u65E5\u958B\u5E97\u4E2D", "\u672C\u65E5")]
    [InlineData("\u0645\u0641\u062A\u0648\u062D", "\u200F\u0645\u0641\u062A\u0648\u062D", "")]
    public void Words_beyond_the_order_are_found(string named, string read, string surplus) => Assert.Equal(
        surplus.Split('|', StringSplitOptions.RemoveEmptyEntries),
        (string[])[.. Lettering.Surplus(named.Split('|'), [.. read.Split('|')])]);
}
