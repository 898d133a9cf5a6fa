using NanoBanana.Storage;
using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Extensions.Imaging;

/// <summary>What can be wrong with presets.</summary>
public static class PresetErrors
{
    /// <summary>A preset that is not defined.</summary>
    public static NbException Unknown(string name, IEnumerable<string> known) => Error(
        "Nb.Preset.Unknown", NbErrorKind.ObjectNotFound, $"There is no preset '{name}'; there are {Listed(known)}.",
        $"Choose one of those, or define it in a file for {{option:presetPath}}, or in '{UserFolders.Presets}'.", name);

    /// <summary>A file of presets that cannot be used.</summary>
    internal static NbException Invalid(string path, string why, Exception? inner = null) => Error(
        "Nb.Preset.Invalid", NbErrorKind.ParserError, $"'{path}' is not a list of presets: {why}.",
        """Its form is {"presets":[{"name":"banner","width":1200,"height":300,"fit":"Cover","format":"jpeg"}]}.""",
            path, inner);
}
