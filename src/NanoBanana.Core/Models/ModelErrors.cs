using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Models;

/// <summary>What can be wrong with models and their catalog.</summary>
public static class ModelErrors
{
    /// <summary>A model that the service has switched off.</summary>
    internal static NbException Retired(ModelInfo model)
    {
        string gone = model.Retirement?.Shutdown is { } day ? FormattableString.Invariant($" on {day:yyyy-MM-dd}") : "";
        string advice = model.Retirement?.Replacement is { } next ? $"Use {{option:model}} {next}."
            : "{command:models} lists the models.";
        return Error("Nb.Request.RetiredModel", NbErrorKind.InvalidArgument,
            $"The model {model.Id} was switched off{gone}.{(model.Retirement?.Replacement is { } r ? $" Its replacement is {r}." : "")}",
                advice, model.Id);
    }

    /// <summary>A model that is not in the catalog, in a lookup that uses only the catalog.</summary>
    public static NbException Unknown(string name, string? near = null) => Error(
        "Nb.Model.Unknown", NbErrorKind.ObjectNotFound, $"There is no model '{name}' in the catalog.",
        $"{(near is null ? "" : $"Did you mean {near}? ")}{{command:models}} lists the models. {{option:model}} of {{command:generate}} also takes ids that are not in the catalog.", name);

    /// <summary>A catalog file that cannot be used.</summary>
    internal static NbException CatalogInvalid(string path, Exception inner) => Error(
        "Nb.Catalog.Invalid", NbErrorKind.ParserError, $"'{path}' is not a model catalog: {inner.Message}",
        "It is a JSON object with \"models\", a list: each has its \"id\" and what differs. {way:seeOverlays}.",
            path, inner);
}
