using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>A part of an unknown kind, among good ones.</summary>
internal static class BadPart
{
    private const int Levels = 100;

    public static WireObject Of(string shape) => shape switch
    {
        "null" => new() { { "inlineData", null } },
        "text" => new() { { "inlineData", "no object" } },
        "number" => new() { { "text", 42 } },
        "list" => new() { { "text", new object[] { "a", "list" } } },
        _ => new() { { "inlineData", new WireObject { { "mimeType", "image/jpeg" }, { "data", "@@ no base64 @@" } } } },
    };

    /// <summary>Objects within objects.</summary>
    public static WireObject Nested(int? levels)
    {
        WireObject nested = [];
        for (int level = 0; level < (levels ?? Levels); level++) nested = new WireObject { { "deeper", nested } };
        return nested;
    }
}
