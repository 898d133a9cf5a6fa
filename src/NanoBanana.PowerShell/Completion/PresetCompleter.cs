using System.Collections;
using NanoBanana.Extensions.Imaging;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Names of presets, the user's own included.</summary>
internal sealed class PresetCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound) =>
        Load(PSValue.Unwrapped(bound["PresetPath"]) is string typed ? Folder(typed) : null)
            .Select(preset =>
            new Candidate(preset.Name,
            $"{preset.Title} ({preset.Width}x{preset.Height}, {preset.Fit}, {preset.Format})"));

    internal static IReadOnlyList<Preset> Load(string? path) =>
        Preset.Load(new[] { File.Exists(UserFolders.Presets) ? UserFolders.Presets : null, path }.OfType<string>());
}
