using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Accepts durations such as 20ms, 1.5s or 2m; a plain number, which the engine would read as ticks, is
/// refused.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = PSValue.Unwrapped(inputData);
        if (value is TimeSpan) return value;
        // The engine parses 5s as a number (short), but keeps the typed text.
        string text = LanguagePrimitives.ConvertTo<string>(inputData);
        Match match = Duration().Match(text);
        if (match.Success)
        {
            double number = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return match.Groups[2].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "m" => TimeSpan.FromMinutes(number),
                _ => TimeSpan.FromSeconds(number),
            };
        }
        return text.Contains(':', StringComparison.Ordinal) ? text
            : throw new ArgumentTransformationMetadataException(Words(text));
    }

    private static string Words(string text)
    {
        NbException error = EmulatorErrors.DurationInvalid(text);
        return ErrorRecords.Sentences(error);
    }

    [GeneratedRegex("^([0-9]{1,6}(?:\\.[0-9]+)?)(ms|s|m)$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
