using System.Collections.Immutable;

namespace NanoBanana.Batches.Manifests;

/// <summary>One way in which items vary.</summary>
/// <param name="Name">A slot of prompts ({light}), the name of an option (size), or a word that is added to the
/// prompt.</param>
/// <param name="Values">The values of the axis; never empty.</param>
public sealed record MatrixAxis(string Name, ImmutableArray<string> Values)
{
    /// <summary>Reads light=dawn,dusk.</summary>
    /// <exception cref="NbException">It is not an axis (Nb.Manifest.InvalidMatrix).</exception>
    public static MatrixAxis Parse(string text)
    {
        string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        string[] values = parts.Length < 2 ? []
            : parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new MatrixAxis(parts[0], [.. values]).Checked();
    }

    /// <summary>The axis after checking it.</summary>
    /// <exception cref="NbException">It has no name or no values, or a value twice.</exception>
    internal MatrixAxis Checked()
    {
        if (string.IsNullOrWhiteSpace(Name) || !Name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'))
        {
            throw ManifestErrors.InvalidMatrix($"'{Readable.Short(Name)}' cannot be the name of an axis.");
        }
        if (Values.IsEmpty || Values.Any(string.IsNullOrWhiteSpace))
        {
            throw ManifestErrors.InvalidMatrix($"the axis '{Name}' has no values, or an empty one.");
        }
        return Values.Distinct(StringComparer.OrdinalIgnoreCase).Count() == Values.Length ? this
            : throw ManifestErrors.InvalidMatrix($"the axis '{Name}' has a value twice.");
    }
}
