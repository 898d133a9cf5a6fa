using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Generation;

/// <summary>Invented search results in the real shape, with the parts a client has to display.</summary>
internal static class Grounding
{
    private static readonly int[] FirstChunk = [0];

    public static WireObject? For(GenerateRequest request, string prompt, string? answerText)
    {
        if (!request.WebSearch && !request.ImageSearch) return null;

        string query = Shorten(prompt);
        string slug = Uri.EscapeDataString(query);
        List<WireObject> chunks = [];
        WireObject metadata = new()
        {
            {
                "searchEntryPoint", new WireObject
                {
                    {
                        "renderedContent",
                        $"<style>.chip{{border-radius:16px}}</style><div class=\"container\"><a class=\"chip\" "
                            + $"href=\"https://www.google.com/search?q={slug}\">{System.Net.WebUtility.HtmlEncode(query)}</a></div>"
                    },
                }
            },
        };
        if (request.WebSearch)
        {
            metadata.Add("webSearchQueries", new[] { query });
            for (int index = 1; index <= 2; index++)
            {
                chunks.Add(new WireObject
                {
                    {
                        "web", new WireObject
                        {
                            { "uri", $"https://example.com/search/{index}?q={slug}" },
                            { "title", $"Source {index} about {query}" },
                        }
                    },
                });
            }
        }

        if (request.ImageSearch)
        {
            metadata.Add("imageSearchQueries", new[] { query });
            chunks.Add(new WireObject
            {
                {
                    "image", new WireObject
                    {
                        { "sourceUri", $"https://example.com/gallery?q={slug}" },
                        { "imageUri", $"https://example.com/gallery/1.jpg?q={slug}" },
                        { "title", $"A picture of {query}" },
                        { "domain", "example.com" },
                    }
                },
            });
        }

        metadata.Add("groundingChunks", chunks);
        if (answerText is not null)
        {
            metadata.Add("groundingSupports", new[]
            {
                new WireObject
                {
                    {
                        "segment", new WireObject
                        {
                            { "endIndex", System.Text.Encoding.UTF8.GetByteCount(answerText) },
                            { "text", answerText },
                        }
                    },
                    { "groundingChunkIndices", FirstChunk },
                },
            });
        }

        return metadata;
    }

    private static string Shorten(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > 60 ? line[..60] : line;
    }
}
