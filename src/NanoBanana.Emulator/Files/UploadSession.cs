namespace NanoBanana.Emulator.Files;

/// <summary>One resumable upload that has begun.</summary>
internal sealed class UploadSession
{
    public required string? FileId { get; init; }
    public required string? DisplayName { get; init; }
    public required string MimeType { get; init; }
    public required long? AnnouncedLength { get; init; }

    /// <summary>How long the file is processed once it is whole.</summary>
    public TimeSpan Processing { get; init; }

    /// <summary>Whether it cannot be used then.</summary>
    public bool Fails { get; init; }

    /// <summary>What has arrived; null once the upload is final, as the file owns it then and may be deleted.</summary>
    public Spool? Content { get; set; } = new();

    /// <summary>One request at a time may append.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);
}
