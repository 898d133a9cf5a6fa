namespace NanoBanana.Emulator.Judging;

/// <summary>How a judge fails.</summary>
internal enum JudgeFault
{
    None,

    /// <summary>Words instead of the answer asked for.</summary>
    Refuses,

    /// <summary>JSON that breaks off.</summary>
    BrokenJson,

    /// <summary>JSON without its first required field.</summary>
    MissingFields,

    /// <summary>The JSON between the marks of a code block.</summary>
    FencedJson,

    /// <summary>Scores that no threshold accepts, whatever the picture is.</summary>
    LowScores,
}
