using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Cli;

/// <summary>The values that an option takes.</summary>
internal static class OptionValues
{
    /// <summary>Refuses a text that says nothing: whoever types an option means it.</summary>
    public static Option<string?> NotBlank(this Option<string?> option)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && string.IsNullOrWhiteSpace(text))
            {
                result.AddError($"{option.Name} has no value.");
            }
        });
        return option;
    }

    /// <summary>Refuses other numbers before anything is done.</summary>
    public static Option<T> Between<T>(this Option<T> option, decimal least, decimal? most = null)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is not IConvertible value) return;
            // Not a decimal: some numbers that can be typed are beyond it, or are none at all.
            double number = value.ToDouble(CultureInfo.InvariantCulture);
            if (number >= (double)least && !(number > (double?)most)) return;
            result.AddError(
                string.Create(CultureInfo.InvariantCulture,
                $"{option.Name} must be {least} or more{(most is null ? "" : $", and {most} at most")}."));
        });
        return option;
    }
}
