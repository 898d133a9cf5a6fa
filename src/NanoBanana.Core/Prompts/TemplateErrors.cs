using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Prompts;

/// <summary>What can be wrong with prompt templates.</summary>
public static class TemplateErrors
{
    /// <summary>A template that does not exist.</summary>
    public static NbException Unknown(string name, IEnumerable<string> known) => Error(
        "Nb.Template.Unknown", NbErrorKind.ObjectNotFound,
            $"There is no prompt template '{name}'; there are {Listed(known)}.",
        "{command:templates} shows them with their slots.", name);

    /// <summary>Slots that must be filled and are not.</summary>
    internal static NbException MissingSlot(PromptTemplate template, IReadOnlyList<PromptSlot> slots) => Error(
        "Nb.Template.MissingSlot", NbErrorKind.InvalidArgument,
        $"The template '{template.Name}' needs {Listed(slots.Select(slot => slot.Description is null ? slot.Name : $"{slot.Name} ({slot.Description})"))}.",
        Filled("Fill it: {way:fillTemplate}.", template.Name, Listed(slots.Select(slot => $"'{slot.Name}=...'"))),
            template.Name);

    /// <summary>Values for slots that a template does not have.</summary>
    internal static NbException UnknownSlot(PromptTemplate template, IReadOnlyList<string> names) => Error(
        "Nb.Template.UnknownSlot", NbErrorKind.InvalidArgument,
        $"The template '{template.Name}' has no slot {Listed(names)}; it has {Listed(template.Slots.Select(slot => slot.Name))}.",
        "Correct the name, or leave the value out.", template.Name);

    /// <summary>A value without a slot's name.</summary>
    public static NbException NotSlotValues(string text) => Error(
        "Nb.Template.InvalidValue", NbErrorKind.InvalidArgument, $"'{text}' does not name a slot and its value.",
        "Give {way:giveSlots}.", text);

    /// <summary>A file that should hold prompt templates and does not.</summary>
    internal static NbException Invalid(string path, Exception inner) => Error(
        "Nb.Template.Invalid", NbErrorKind.ParserError, $"'{path}' is not a prompt template: {inner.Message}",
        "It needs \"name\" and \"text\" (a list of sentences with {slots}), and may have \"kind\", \"description\" and \"slots\".",
            path, inner);
}
