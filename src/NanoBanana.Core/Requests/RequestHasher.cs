using System.Security.Cryptography;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>Hashes a call by content: the same words, settings and bytes give the same hash, wherever the bytes are
/// stored.</summary>
internal static class RequestHasher
{
    public static string Of(GenerateCall call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // These fields have fixed positions since the first version: pictures on disk are found by this hash.
        Add(hash, "nb1", call.Model, call.SystemInstruction, call.AspectRatio, call.ImageSize, call.ThinkingLevel,
            call.IncludeThoughts ? "thoughts" : null, Tool("web"), Tool("image"),
            call.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                string.Join(',', call.ResponseModalities));
        foreach (SafetySetting setting in call.SafetySettings) Add(hash, setting.Category, setting.Threshold);
        // Later fields are written by name, and only when set, so that older hashes stay valid.
        foreach (ModelTool tool in call.Tools.Where(tool => tool.Name is not ("web" or "image")))
        {
            Add(hash, "tool", tool.Name);
        }
        foreach (WireField field in call.Fields.Where(field => field.IsHashed))
        {
            Add(hash, "option", field.Name, (field.Hashed ?? field.Value).GetRawText());
        }
        foreach (Turn turn in call.Contents)
        {
            Add(hash, "turn", turn.Role);
            foreach (Part part in turn.Parts) Add(hash, part);
            foreach (Step step in turn.Steps) Add(hash, step.Type, step.Signature?.Sha256);
        }
        return Blob.ToHex(hash.GetHashAndReset());

        string? Tool(string name) => call.Tools.Any(tool => tool.Name == name) ? name : null;
    }

    private static void Add(IncrementalHash hash, Part part)
    {
        switch (part)
        {
            case TextPart text:
                Add(hash, "text", text.Text);
                break;
            case ImagePart image:
                Add(hash, "blob", image.Data.Sha256);
                break;
            // The same picture is the same input, sent inline or uploaded before.
            case FilePart file:
                Add(hash, "blob", file.Source?.Sha256 ?? file.Uri);
                break;
        }
        Add(hash, part.Signature?.Sha256, part.Thought ? "thought" : null);
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<string?> texts) => Hashed.Add(hash, texts);
}
