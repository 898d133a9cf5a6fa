namespace NanoBanana.Emulator.Faults;

/// <summary>The forms of those faults that have several; the first one is the default.</summary>
internal static class FaultShapes
{
    public static IReadOnlyList<string> Of(FaultKind kind) => kind switch
    {
        FaultKind.WrappedError => ["message", "text", "detail", "errors", "raw"],
        FaultKind.BadPart => ["base64", "null", "text", "number", "list"],
        FaultKind.ResultsLate => ["file", "output"],
        _ => [],
    };
}
