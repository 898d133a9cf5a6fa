namespace NanoBanana.Emulator.Judging;

/// <summary>Which side of a verdict a property means by its name.</summary>
internal static class Aspects
{
    public static Aspect Overall(Verdict verdict) => new("overall", verdict.Overall);

    /// <summary>Null for a name that means none.</summary>
    public static Aspect? Named(string name, Verdict verdict) => name switch
    {
        _ when Words.Any(name, "cloth", "outfit", "wardrobe", "costume") => new(name, verdict.Clothing),
        _ when Words.Any(name, "color", "colour", "palette", "light") => new(name, verdict.Colors),
        _ when Words.Any(name, "style", "medium", "look") => new(name, verdict.Style),
        _ when Words.Any(name, "letter", "spell", "typograph", "text") => new(name, verdict.Spelling),
        _ when Words.Any(name, "face", "feature", "ident", "character", "person", "like", "similar", "same", "match",
            "object", "logo") =>
            new(name, verdict.Identity),
        _ when Words.Any(name, "overall", "total", "consisten") => Overall(verdict),
        _ => null,
    };

    /// <summary>Whether the name only says that it is a score, not of what.</summary>
    public static bool IsScore(string name) =>
        Words.Normal(name) is "score" or "value" or "rating" or "points" or "same" or "pass" or "passed" or "ok"
            or "match";
}
