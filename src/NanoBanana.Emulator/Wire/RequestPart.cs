namespace NanoBanana.Emulator.Wire;

/// <summary>One part of a turn.</summary>
internal sealed record RequestPart
{
    public string? Text { get; init; }
    public RequestMedia? Media { get; init; }
    public bool Thought { get; init; }
    public byte[]? Signature { get; init; }

    /// <summary>False for a part that holds nothing the protobuf oneof knows.</summary>
    public bool HasData { get; init; }
}
