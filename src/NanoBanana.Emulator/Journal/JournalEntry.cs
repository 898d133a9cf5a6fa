namespace NanoBanana.Emulator.Journal;

/// <summary>One request as the emulator received it, with its result.</summary>
public sealed class JournalEntry
{
    /// <summary>Counted from 1 in the order of arrival.</summary>
    public required int Number { get; init; }

    /// <summary>When it arrived, by the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The query's values; a key is shown as ***.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>The headers; keys and tokens are shown as ***.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>
    /// The JSON body, every base64 value replaced by <c>sha256:HEX bytes:N</c> of what it encodes; null before the body
    /// was
    /// read, and for a body that is not JSON.
    /// </summary>
    public string? Body { get; internal set; }

    /// <summary>The length of the body in bytes.</summary>
    public long BodyLength { get; internal set; }

    /// <summary>The HTTP status that was answered; 0 while there is none, and when the connection was broken
    /// before.</summary>
    public int Status { get; internal set; }

    /// <summary>The message of an error answer.</summary>
    public string? Error { get; internal set; }

    /// <summary>The faults of the script that this request met.</summary>
    // An array always: PowerShell cannot index what a collection expression makes for an IReadOnlyList.
    public IReadOnlyList<string> Faults { get; internal set => field = value.ToArray(); } = [];

    /// <summary>The request's own setting on whether the service may keep it; null when not set.</summary>
    public bool? Store { get; internal set; }

    /// <summary>Whether a generation was billed.</summary>
    public bool IsBilled { get; internal set; }

    /// <summary>Pictures in the answer, thoughts not counted.</summary>
    public int Images => ImageHashes.Count;

    /// <summary>SHA-256 of each of them, in the order they are sent: identifies the pictures that a client has
    /// saved.</summary>
    public IReadOnlyList<string> ImageHashes { get; internal set => field = value.ToArray(); } = [];

    /// <summary>
    /// Whether something between client and service answered instead: an error page after the work was done, or the
    /// answer
    /// to another request.
    /// </summary>
    public bool IsReplaced { get; internal set; }

    /// <summary>Whether the last byte of the answer was handed to the connection.</summary>
    public bool IsDelivered { get; internal set; }
}
