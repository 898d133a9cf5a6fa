using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Images of one answer say the same conversation in their sidecars. Who reads them one after the other reads
/// a long one once: five hundred images of one answer do not hold five hundred times five hundred parts.</summary>
internal static class SharedConversation
{
    // Comparing shorter ones costs more than it saves.
    private const int LeastLength = 16 * 1024;

    // A folder is read on one thread.
    [ThreadStatic]
    private static Remembered? _last;

    /// <summary>A conversation as a sidecar has it.</summary>
    /// <param name="json">What the sidecar says.</param>
    /// <param name="find">The blob of a hash.</param>
    /// <param name="store">Where all its blobs lie; null where one of them is the picture itself.</param>
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
