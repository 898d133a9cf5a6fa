using System.Collections.Concurrent;

namespace NanoBanana.Gemini;

/// <summary>What a connection has learned about the answers that the service keeps; it applies to all its calls.
/// Thread-safe.</summary>
internal sealed class KeptAnswers
{
    private readonly ConcurrentDictionary<string, bool> _forgotten = new(StringComparer.Ordinal);

    /// <summary>Whether the service refused to make an answer in the background.</summary>
    public bool IsBackgroundRefused { get; set; }

    public bool IsForgotten(string id) => _forgotten.ContainsKey(id);

    public void Forget(string id) => _forgotten[id] = true;
}
