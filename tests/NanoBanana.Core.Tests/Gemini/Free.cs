using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;

namespace NanoBanana.Tests.Gemini;

/// <summary>A client over a script whose waits take no time.</summary>
internal static class Free
{
    public static GeminiClient Client(HttpMessageHandler handler, FakeTime? time = null,
        Action<ClientBody>? observeBody = null) => new(
        GeminiEndpoint.ForGemini(),
        GeminiCredential.FromApiKey("k"),
        new GeminiClientOptions { TimeProvider = time ?? new FakeTime(TimeSpan.FromSeconds(300)), Random = () => 0.5,
            ObserveBody = observeBody },
        handler);
}
