using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Localization;

/// <summary>What can be wrong with lettering in several languages. All of these are raised before anything is paid
/// for.</summary>
internal static class LocalizationErrors
{
    /// <summary>A language that is not known.</summary>
    internal static NbException UnknownLanguage(string text, string? meant, IEnumerable<string> known) => Error(
        "Nb.Localization.UnknownLanguage", NbErrorKind.InvalidArgument,
        $"There is no language '{text}'. "
        + (meant is null ? $"Some there are: {string.Join(", ", known.Where(code => code.Length == 2).Take(12))} ..."
            : $"Did you mean '{meant}'?"),
        "Nothing was sent. Give codes such as de, pt-BR or zh-Hant; a language that is not known needs its name too: tlh=Klingon.",
        text);

    /// <summary>A language for which there is no lettering.</summary>
    internal static NbException MissingLanguage(string table, string language, IEnumerable<string> known) => Error(
        "Nb.Localization.MissingLanguage", NbErrorKind.ObjectNotFound,
        $"{table} has no lettering in '{language}'; it has {Listed(known)}.",
        "Nothing was sent. Add a column or rows for it, or leave the language out.", language);

    /// <summary>Lettering that is empty in the table.</summary>
    internal static NbException EmptyText(string table, IEnumerable<string> places) => Error(
        "Nb.Localization.EmptyText", NbErrorKind.InvalidArgument,
        $"{table} leaves lettering empty: {string.Join(", ", places)}.",
        "Nothing was sent. Fill it in, or leave the language or the key out.");

    /// <summary>A key for which there is no lettering.</summary>
    internal static NbException UnknownKey(string table, string key, IEnumerable<string> known) => Error(
        "Nb.Localization.UnknownKey", NbErrorKind.ObjectNotFound,
        $"{table} has no key '{key}'; it has {Listed(known)}.", "Nothing was sent. Correct the key.", key);

    /// <summary>A table in an unknown form.</summary>
    internal static NbException InvalidTable(string table, string why, Exception? inner = null) => Error(
        "Nb.Localization.InvalidTable", NbErrorKind.ParserError, $"{table} is not a table of lettering: {why}",
        "Nothing was sent. It has either the columns language and text (and key, for several texts), or a column key and one for each language.",
        table, inner);

    /// <summary>A table whose letters could not be decoded.</summary>
    internal static NbException WrongEncoding(string table) => Error(
        "Nb.Localization.WrongEncoding", NbErrorKind.ParserError,
        $"{table} has letters that could not be decoded: it is not UTF-8.",
        "Nothing was sent. Save it as UTF-8, in Excel as 'CSV UTF-8', or read it yourself: {way:readEncoding}.", table);

    /// <summary>A template without a place for the text.</summary>
    internal static NbException TemplateWithoutText(string template) => Error(
        "Nb.Localization.TemplateWithoutText", NbErrorKind.InvalidArgument,
        $"The template '{template}' has no slot {{text}}, so it would order no lettering.",
        "Nothing was sent. Put {text} where the lettering is ordered; {language}, {original} and {direction} may stand there too.",
        template);
}
