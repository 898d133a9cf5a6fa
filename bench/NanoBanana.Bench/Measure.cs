using System.Text.Json.Serialization;

namespace NanoBanana.Bench;

/// <summary>What one fresh process measured of itself. Node's child prints the same object.</summary>
/// <param name="FirstWall">Wall of the first full-size call, in ms.</param>
/// <param name="FirstCpu">CPU of the first full-size call, all threads, in ms.</param>
/// <param name="Wall">Median wall of the calls after it, in ms.</param>
/// <param name="Cpu">CPU per call over all calls after it, garbage collections included, in ms.</param>
/// <param name="Idle">Resident before the first full-size call, in MiB.</param>
/// <param name="Peak">Most resident during the first full-size call, above idle, in MiB.</param>
/// <param name="Total">Most resident during the first full-size call, in MiB.</param>
/// <param name="Bytes">Bytes of images and signatures that one call moved.</param>
internal sealed record Measure(
    double FirstWall, double FirstCpu, double Wall, double Cpu, double Idle, double Peak, double Total, long Bytes)
{
    /// <summary>Bytes of the largest request that reached the server, head and body; 0 where nobody asked it.</summary>
    public long Sent { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false)]
[JsonSerializable(typeof(Measure))]
internal sealed partial class MeasureJson : JsonSerializerContext;
