namespace NanoBanana.Batches;

/// <summary>A picture that lies at the service.</summary>
/// <param name="Uri">What requests refer to it by.</param>
/// <param name="ExpiresAt">When the service deletes it.</param>
internal sealed record UploadedFile(string Uri, DateTimeOffset ExpiresAt);
