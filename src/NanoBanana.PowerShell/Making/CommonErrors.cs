using System.Globalization;
using System.Management.Automation;
using NanoBanana.PowerShell.Inputs;

namespace NanoBanana.PowerShell;

/// <summary>Errors of requests that were not sent, reported once for each cause, because one cause may hold back
/// hundreds of requests.</summary>
internal sealed class CommonErrors
{
    private const int MostNames = 3;

    private readonly List<(NbException Error, List<object?> Inputs)> _causes = [];

    /// <summary>Keeps an error until the end.</summary>
    /// <param name="error">Why nothing was sent.</param>
    /// <param name="input">The input.</param>
    public void Add(NbException error, object? input)
    {
        foreach ((NbException first, List<object?> inputs) in _causes)
        {
            if (!IsSame(first, error)) continue;
            inputs.Add(input);
            return;
        }
        _causes.Add((error, [input]));
    }

    /// <summary>One record for each cause. Its target is the input, or all of them.</summary>
    public IEnumerable<ErrorRecord> TakeAll()
    {
        (NbException Error, List<object?> Inputs)[] causes = [.. _causes];
        _causes.Clear();
        return causes.Select(cause => Record(cause.Error, cause.Inputs));
    }

    // The remaining amount differs from one message to the next, but the cause is the same budget.
    private static bool IsSame(NbException one, NbException other) => one.ErrorId == other.ErrorId
        && (one.ErrorId.StartsWith("Nb.Budget.", StringComparison.Ordinal)
            || (one.Message == other.Message && one.Advice == other.Advice));

    private static ErrorRecord Record(NbException error, List<object?> inputs)
    {
        if (inputs.Count == 1) return ErrorRecords.From(error, inputs[0]);
        ErrorRecord record = ErrorRecords.From(error, inputs.ToArray());
        string names = string.Join(", ", inputs.Take(MostNames).Select(NameOf));
        string more = inputs.Count > MostNames
            ? string.Create(CultureInfo.InvariantCulture, $" and {inputs.Count - MostNames} more") : "";
        record.ErrorDetails = new ErrorDetails(string.Create(CultureInfo.InvariantCulture,
            $"{inputs.Count} requests were not sent ({names}{more}): {record.ErrorDetails.Message}"))
        {
            RecommendedAction = record.ErrorDetails.RecommendedAction,
        };
        return record;
    }

    // A row is named by its name, otherwise by its prompt.
    private static string NameOf(object? input)
    {
        object? named = input;
        if (RequestRow.Is(input))
        {
            Dictionary<string, object?> cells = ManifestInput.Fields(input!)
                .DistinctBy(cell => cell.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(cell => cell.Key, cell => cell.Value, StringComparer.OrdinalIgnoreCase);
            named = cells.GetValueOrDefault("name") ?? cells.GetValueOrDefault("prompt") ?? "a row";
        }
        return $"'{Readable.Short($"{named}", 40)}'";
    }
}
