namespace NanoBanana.Emulator.Faults;

/// <summary>The faults. Scripts use their names in camelCase; docs/emulator.md describes each.</summary>
internal enum FaultKind
{
    // Errors of the service.
    RateLimit,
    RetryAfter,
    PerDayQuota,
    ZeroQuota,
    SpendLimit,
    Internal,
    Unavailable,
    Deadline,
    RequestTimeout,
    Status,
    ArrayError,
    LeakedKey,
    SuspendedProject,
    BillingDisabled,
    StorageQuota,
    UnprocessableImage,

    // Faults of gateways between a client and the service.
    BadGateway,
    GatewayTimeout,
    LateBadGateway,
    LateGatewayTimeout,
    ProxyAuthentication,
    Html,
    EmptyBody,
    EchoKey,
    WrappedError,
    SameAnswer,
    UnaskedStream,
    StreamComment,
    JsonGuard,
    ByteOrderMark,
    Gzip,
    Brotli,
    FilesMissing,
    FileDataRefused,

    // The connection.
    Latency,
    Hang,
    ResetOnArrival,
    ResetBefore,
    ResetDuring,
    ResetAfter,
    Truncate,
    WrongContentLength,
    OneByteChunks,

    // Answers.
    UnknownFields,
    OddOrder,
    HugeField,
    WrongMimeType,
    SmallerImage,
    ForgetReferences,
    Misspelling,

    /// <summary>The lettering of the previous picture remains beside the new one.</summary>
    OldLettering,

    /// <summary>Words that nobody ordered stand beside those that were.</summary>
    SurplusLettering,
    LongThoughts,
    ThoughtsOnly,
    TextOnly,
    NoImage,
    AccountLimited,
    UnknownFinishReason,
    FinishReason,
    DataUrlText,
    DataPrefix,
    LinkedImage,
    SecondCandidate,
    TwoCandidates,
    BadPart,
    ManyImages,
    ZeroUsage,
    EmptyUsage,
    NoUsage,
    UnknownUsage,
    ModelStatus,

    // Streams of interactions, and interactions in the background.
    CutAfterCreated,
    CutInPicture,
    OddEvents,
    UnknownEvents,
    ErrorEvent,
    BackgroundRefused,

    // Uploaded files.
    FileProcessing,
    FileFailed,

    // Batches: the rule applies to the request that creates one.
    ResultsWithoutKeys,
    ResultsShuffled,
    ResultWithoutKey,
    ResultsInlined,
    ResultsLate,
    ResultsWithoutFile,
    ResultsEmpty,
    UnknownResultKey,
    ResultMissing,
    ResultTwice,
    DeepResult,
    OverflowingResult,
    BrokenResult,

    // Judges.
    JudgeRefuses,
    JudgeBrokenJson,
    JudgeFencedJson,
    JudgeMissingFields,
    JudgeLowScores,
}
