namespace NanoBanana.Emulator.Generation;

/// <summary>The form of usage in an answer.</summary>
internal enum UsageShape
{
    /// <summary>As documented.</summary>
    Service,

    /// <summary>Every count is zero.</summary>
    Zero,

    /// <summary>An object without fields.</summary>
    Empty,

    /// <summary>No usage.</summary>
    None,

    /// <summary>The names another service has for the counts.</summary>
    Unknown,
}
