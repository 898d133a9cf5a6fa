namespace NanoBanana.Emulator.Generation;

/// <summary>How an answer tells what it used.</summary>
internal enum UsageShape
{
    /// <summary>As documented.</summary>
    Service,

    /// <summary>Every count is zero.</summary>
    Zero,

    /// <summary>An object without fields.</summary>
    Empty,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>The names another service has for the counts.</summary>
    Unknown,
}
