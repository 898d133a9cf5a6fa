using System.Text.Json.Nodes;

namespace NanoBanana.Cli;

/// <summary>Errors as JSON, in the same form for every interface.</summary>
internal static class ErrorJson
{
    /// <summary>What failed, what to do, and whether it may have cost something.</summary>
    /// <param name="e">The error.</param>
    /// <param name="words">The words of the front end.</param>
    public static JsonObject Of(NbException e, WordList words) => new()
    {
        ["error"] = words.Say(e.Message),
        ["id"] = e.ErrorId,
        ["advice"] = words.Say(e.Advice),
        ["mayHaveBeenBilled"] = e.IsUncertain,
        ["cost"] = e.Cost,
    };
}
