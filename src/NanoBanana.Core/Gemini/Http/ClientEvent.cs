namespace NanoBanana.Gemini.Http;

/// <summary>One step of a call, for verbose and debug output, without secrets or contents.</summary>
public sealed record ClientEvent
{
    /// <summary>Which step.</summary>
    public required ClientEventKind Kind { get; init; }

    /// <summary>GET, POST or DELETE.</summary>
    public required string Method { get; init; }

    /// <summary>The host, with its port where it is not the usual one.</summary>
    public required string Host { get; init; }

    /// <summary>The path, without query.</summary>
    public required string Path { get; init; }

    /// <summary>The model the call is for; null when it is for none.</summary>
    public string? Model { get; init; }

    /// <summary>Bytes of the body; null when there is none.</summary>
    public long? RequestLength { get; init; }

    /// <summary>Number of the try, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Time since this try began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The service's id of the request; null when it sent none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The service's clock when it answered; null when it did not say.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>Id of the error; null when there was none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The wait before the next try; null when there is none.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>The event as a line of a log.</summary>
    public override string ToString()
    {
        string call = $"{Method} {Host}{Path}";
        string id = RequestId is null ? "" : $", request {RequestId}";
        return Kind switch
        {
            ClientEventKind.Sending => FormattableString.Invariant(
                $"{call}: try {Attempt}{(Model is null ? "" : $", model {Model}")}, {RequestLength ?? 0} bytes"),
            ClientEventKind.Answered => FormattableString.Invariant(
                $"{call}: HTTP {Status} after {Elapsed.TotalMilliseconds:0} ms, try {Attempt}{id}"),
            ClientEventKind.Retrying => FormattableString.Invariant(
                $"{call}: {ErrorId} at try {Attempt}, next in {RetryIn?.TotalSeconds:0.0} s{id}"),
            _ => FormattableString.Invariant(
                $"{call}: {ErrorId} after {Elapsed.TotalMilliseconds:0} ms, try {Attempt}, given up{id}"),
        };
    }
}
