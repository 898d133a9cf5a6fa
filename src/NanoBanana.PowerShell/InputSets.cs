namespace NanoBanana.PowerShell;

/// <summary>The parameter sets of a cmdlet that takes its input as objects, as paths or as literal paths.</summary>
internal static class InputSets
{
    public const string Object = "Object";
    public const string Path = "Path";
    public const string LiteralPath = "LiteralPath";
}
