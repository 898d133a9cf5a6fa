using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Sidecars of images of one answer contain the same conversation. Reading them in a row parses a long
/// conversation only once, so that five hundred images of one answer do not hold 250,000 parts.</summary>
internal static class SharedConversation
{
    // Comparing shorter texts costs more than it saves.
    private const int LeastLength = 16 * 1024;

    // Per thread, because a folder is read on one thread.
    [ThreadStatic]
    private static Remembered? _last;

    /// <summary>A conversation as a sidecar has it.</summary>
    /// <param name="json">The sidecar's JSON.</param>
    /// <param name="find">Finds a blob by its hash.</param>
    /// <param name="store">The store of all its blobs; null when one of them is the picture itself.</param>
    public static Conversation Read(JsonElement json, Func<string, Blob> find, BlobStore? store)
    {
        if (store is null) return ConversationJson.Read(json, find);
        string text = json.GetRawText();
        if (text.Length < LeastLength) return ConversationJson.Read(json, find);
        if (_last is { } last && last.Store == store.TemporaryFolder && last.Text == text
            && last.Conversation.TryGetTarget(out Conversation? known))
        {
            return known;
        }
        Conversation read = ConversationJson.Read(json, find);
        _last = new Remembered(store.TemporaryFolder, text, new WeakReference<Conversation>(read));
        return read;
    }

    private sealed record Remembered(string Store, string Text, WeakReference<Conversation> Conversation);
}
