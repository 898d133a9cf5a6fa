using System.Collections.Immutable;
using System.Text;
using NanoBanana.Localization;
using NanoBanana.Prompts;

namespace NanoBanana.Tests.Localization;

/// <summary>Tables of lettering: the forms that are read, and what is said of those that are not.</summary>
public sealed class LetteringTableTests
{
    private static readonly PromptTemplate Template = PromptLibrary.BuiltIn.Find(LocalizedText.DefaultTemplate);

    [Theory]
    [InlineData("s.csv", "language,text\nde,Hallo\nja,\u3053\u3093\n")]
    [InlineData("s.csv", "sep=;\r\nLanguage;Text\r\nde;Hallo\r\nja;\u3053\u3093\r\n\r\n")]
    [InlineData("s.tsv", "lang\ttext\nde\tHallo\nja\t\u3053\u3093")]
    [InlineData("s.csv", "key,de,ja,note\ntitle,Hallo,\u3053\u3093,short\n")]
    [InlineData("s.csv", "de;ja\nHallo;\u3053\u3093")]
    [InlineData("s.json", """{"de":"Hallo","ja":["\u3053\u3093"]}""")]
    [InlineData("s.json", """{"de":{"title":"Hallo"},"ja":{"title":"\u3053\u3093"}}""")]
    [InlineData("s.json", """[{"language":"de","text":"Hallo"},{"language":"ja","text":"\u3053\u3093"}]""")]
    public void Every_form_of_a_table_gives_the_same_texts(string name, string text)
    {
        using var folder = new TemporaryFolder();

        ImmutableArray<LocalizedText> texts = Load(folder, name, Encoding.UTF8.GetBytes(text)).Texts([]);

        Assert.Equal(["de: Hallo", "ja: \u3053\u3093"],
            texts.Select(one => $"{one.Language}: {string.Join('|', one.Texts)}"));
    }

    [Fact]
    public void A_table_in_utf_16_and_cells_with_marks_commas_and_line_breaks_are_read()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(),
            .. Encoding.Unicode.GetBytes("key,en,de\r\na,\"Buy, now\",\"Jetzt \"\"kaufen\"\"\"\r\nb,Two,\"Zwei\nZeilen\"\r\n")];

        LocalizedText text = Assert.Single(Load(folder, "s.csv", bytes).Texts(["de"], "en"));

        Assert.Equal(["Jetzt \"kaufen\"", "Zwei\nZeilen"], (string[])[.. text.Texts]);
        Assert.Equal(["Buy, now", "Two"], (string[])[.. text.Original]);
        string order = text.Order(Template);
        // The marks around a text are none that it has; each line stands by itself.
        Assert.Contains("\u201CJetzt \"kaufen\"\u201D; \"Zwei\" / \"Zeilen\".", order, StringComparison.Ordinal);
        Assert.Contains("\u2018Buy, now\u2019; \u2018Two\u2019", order, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_cells_after_the_last_column_are_ignored()
    {
        using var folder = new TemporaryFolder();

        LetteringTable table = Load(folder, "s.csv", "key,de\na,x,,\n,,,\nb,y, \n"u8.ToArray());

        Assert.Equal(["x", "y"], (string[])[.. table.Texts([])[0].Texts]);
    }

    [Fact]
    public void A_language_named_only_in_the_table_is_selected_by_its_code()
    {
        using var folder = new TemporaryFolder();
        LetteringTable table = Load(folder, "s.csv", "key,en,tlh=Klingon\na,Open,poSmoH\n"u8.ToArray());

        LocalizedText text = Assert.Single(table.Texts(["TLH"], "en"));

        Assert.Equal(("tlh", "Klingon", "poSmoH"), (text.Language.Code, text.Language.Name, text.Texts[0]));
        Assert.Equal("Nb.Localization.UnknownLanguage",
            Assert.Throws<NbException>(() => table.Texts(["qqq"])).ErrorId);
    }

    [Theory]
    [InlineData("""{"de":"a","de":"b"}""")]
    [InlineData("""{"de":{"t":["a","b"]}}""")]
    [InlineData("""[{"language":"de","text":["a","b"]}]""")]
    [InlineData("""[{"language":"de","text":{"t":"a"}}]""")]
    [InlineData("""{"de":[["a"]]}""")]
    [InlineData("[[1]]")]
    [InlineData("5")]
    [InlineData("nul")]
    public void JSON_that_is_not_a_table_is_refused_with_a_clear_error(string text)
    {
        using var folder = new TemporaryFolder();

        NbException error = Assert.Throws<NbException>(() => Load(folder, "s.json", Encoding.UTF8.GetBytes(text)));

        Assert.Equal("Nb.Localization.InvalidTable", error.ErrorId);
    }

    [Fact]
    public void A_table_with_an_impossible_file_name_is_refused_with_a_clear_error()
    {
        using var fixture = new EmulatorFixture();

        NbException error = Assert.Throws<NbException>(() => fixture.Manifest(
            """{"localize":{"text":"a\u0000.csv"},"items":[{"name":"a","prompt":"p"}]}"""));

        Assert.Equal("Nb.Localization.InvalidTable", error.ErrorId);
    }

    [Fact]
    public void A_table_of_many_megabytes_is_refused_without_being_read()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "s.csv");
        using (var stream = new FileStream(path, FileMode.CreateNew)) stream.SetLength(17 * 1024 * 1024);

        Assert.Equal("Nb.File.Unreadable", Assert.Throws<NbException>(() => LetteringTable.Load(path)).ErrorId);
    }

    [Fact]
    public void Keys_select_and_sort_the_texts()
    {
        LetteringTable table = LetteringTable.From(new Dictionary<string, object?>
        {
            ["de"] = new Dictionary<string, object?> { ["a"] = "eins", ["b"] = "zwei", ["c"] = "drei" },
        });

        Assert.Equal(["drei", "eins"], (string[])[.. table.Texts([], null, ["c", "A"])[0].Texts]);
    }

    [Theory]
    [InlineData("language,text\njp,x", "", "Nb.Localization.UnknownLanguage", "'ja'")]
    [InlineData("language,text\nGerman,x", "", "Nb.Localization.UnknownLanguage", "'de'")]
    [InlineData("key,de,jp\na,x,y", "", "Nb.Localization.UnknownLanguage", "'ja'")]
    [InlineData("language,text\nde,x", "fr", "Nb.Localization.MissingLanguage", "it has de")]
    [InlineData("language,text\nde,x\nja,\n", "", "Nb.Localization.EmptyText", "ja")]
    [InlineData("key,de,ja\na,x,\nb,,z", "", "Nb.Localization.EmptyText", "'b' in de, 'a' in ja")]
    [InlineData("language\nde", "", "Nb.Localization.InvalidTable", "none called text")]
    [InlineData("text\nHallo", "", "Nb.Localization.InvalidTable", "none called language")]
    [InlineData("key,de\na,x\na,y", "", "Nb.Localization.InvalidTable", "'a' twice in de")]
    [InlineData("language,text", "", "Nb.Localization.InvalidTable", "no rows")]
    [InlineData("key,note\na,b", "", "Nb.Localization.InvalidTable", "no column is a language")]
    [InlineData("key,de,ja\na,x,y\nb,Buy, now,z", "", "Nb.Localization.InvalidTable", "line 3 has 4 cells")]
    [InlineData("sep=;\nde;ja\n\"a\nb\";c\nd;e;f", "", "Nb.Localization.InvalidTable", "line 5 has 3 cells")]
    [InlineData("key,de\na,\"x\nb,y\nc,z", "", "Nb.Localization.InvalidTable", "opens in line 2 is never closed")]
    [InlineData("", "", "Nb.Localization.InvalidTable", "no rows")]
    public void Errors_name_the_wrong_language_or_key(string text, string language, string id, string hint)
    {
        using var folder = new TemporaryFolder();

        NbException error = Assert.Throws<NbException>(() => Load(folder, "s.csv", Encoding.UTF8.GetBytes(text))
            .Texts(language.Length == 0 ? [] : [language]));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_in_a_legacy_encoding_is_refused()
    {
        using var folder = new TemporaryFolder();

        NbException error = Assert.Throws<NbException>(() =>
            Load(folder, "s.csv", Encoding.Latin1.GetBytes("language,text\nde,Gr\u00F6\u00DFe\n")));

        Assert.Equal("Nb.Localization.WrongEncoding", error.ErrorId);
        Assert.Contains("UTF-8", error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pt_br", "pt-BR", "Portuguese as written in Brazil", false)]
    [InlineData("zh-hant", "zh-Hant", "Chinese in traditional characters", false)]
    [InlineData("de-AT", "de-AT", "German (de-AT)", false)]
    [InlineData("AR", "ar", "Arabic", true)]
    [InlineData("he-IL", "he-IL", "Hebrew (he-IL)", true)]
    [InlineData("tlh=Klingon", "tlh", "Klingon", false)]
    public void A_language_is_known_by_its_code(string text, string code, string name, bool isRightToLeft) =>
        Assert.Equal(new Language(code, name, isRightToLeft), Language.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("../de")]
    [InlineData("de-")]
    [InlineData("tlh=")]
    [InlineData("de/evil=German")]
    public void An_invalid_code_is_refused(string text) => Assert.Null(Language.Find(text));

    [Fact]
    public void Only_right_to_left_languages_are_requested_as_such()
    {
        string Order(string code) => new LocalizedText(Language.Parse(code), ["x"], []).Order(Template);

        Assert.Contains("from right to left", Order("fa"), StringComparison.Ordinal);
        Assert.DoesNotContain("right to left", Order("ja"), StringComparison.Ordinal);
        Assert.DoesNotContain("{", Order("ja"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_without_a_slot_for_the_text_is_refused()
    {
        NbException error = Assert.Throws<NbException>(() => new LocalizedText(Language.Parse("de"), ["x"], [])
            .Order(PromptLibrary.BuiltIn.Find("sketch-to-finished")));

        Assert.Equal("Nb.Localization.TemplateWithoutText", error.ErrorId);
    }

    private static LetteringTable Load(TemporaryFolder folder, string name, byte[] bytes)
    {
        string path = Path.Combine(folder.Path, name);
        File.WriteAllBytes(path, bytes);
        return LetteringTable.Load(path);
    }
}
