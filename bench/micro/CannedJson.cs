using System.Text;

namespace NanoBanana.Bench.Micro;

/// <summary>An answer as bytes, with an image and a signature of random content.</summary>
internal static class CannedJson
{
    public static byte[] Answer(int image, int signature) => Encoding.UTF8.GetBytes(
        """{"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":" """
            .TrimEnd()
        + Text(image)
        + """ "},"thoughtSignature":" """.Trim()
        + Text(signature)
        + """ "}]},"finishReason":"STOP"}],"usageMetadata":{"totalTokenCount":1299}}""".TrimStart());

    public static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string Text(int length) => Convert.ToBase64String(RandomBytes(length));
}
