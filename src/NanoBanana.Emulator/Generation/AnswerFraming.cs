namespace NanoBanana.Emulator.Generation;

/// <summary>The framing of an answer's JSON.</summary>
[Flags]
internal enum AnswerFraming
{
    None = 0,

    /// <summary>An event stream of one event.</summary>
    Stream = 1,

    /// <summary>A comment before the first event of a stream.</summary>
    Comment = 2,

    /// <summary>The prefix that keeps JSON from being run as a script.</summary>
    Guard = 4,

    /// <summary>The byte order mark of UTF-8.</summary>
    ByteOrderMark = 8,
}
