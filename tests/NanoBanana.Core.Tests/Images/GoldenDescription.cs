using System.Globalization;
using System.Text;
using System.Text.Json;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;

namespace NanoBanana.Tests.Images;

/// <summary>Everything an image remembers, as text that does not depend on how it is stored.</summary>
internal static class GoldenDescription
{
    public static string Of(NbImage image)
    {
        var text = new StringBuilder();
        void Add(string name, object? value) => text.Append(Invariant($"  {name}: {value}").TrimEnd()).Append('\n');
        Add("picture", Invariant($"{image.Sha256} {image.MimeType} {image.Width}x{image.Height} {image.Length}"));
        Add("prompt", image.Prompt);
        Add("composed", image.ComposedPrompt);
        Add("model", image.Model);
        Add("text", image.Text);
        Add("thoughts", image.Thoughts);
        Add("anchors", string.Join(',', image.Anchors));
        foreach (Reference reference in image.References)
        {
            Add("reference", Invariant($"{reference.Role} {reference.Name} {reference.Description} ")
                + $"{reference.Picture.Name} {reference.Picture.Data.Sha256} {reference.Picture.Format.MimeType}");
        }
        Add("asked", $"{image.AspectRatio} {image.Size}");
        Add("usage", Tokens(image.Usage));
        Add("cost", image.Cost);
        Add("grounding", Compact(image.Grounding?.Raw));
        Add("finish", image.FinishReason);
        Add("response", image.ResponseId);
        Add("warnings", string.Join('|', image.Warnings));
        Add("created", image.CreatedAt?.ToString("O", CultureInfo.InvariantCulture));
        Add("hash", image.RequestHash);
        Add("parent", image.ParentSha256);
        Add("derivation", image.Derivation);
        Add("conversation", image.Conversation?.Model);
        foreach (Turn turn in image.Conversation?.Turns ?? [])
        {
            Add("turn", $"{turn.Role} {!turn.Unknown.IsEmpty}");
            foreach (Part part in turn.Parts) Add("part", Part(part));
        }
        foreach (HistoryTurn turn in ImageHistory.Of(image))
        {
            Add("history", Invariant($"{turn.Index} {turn.Role} {turn.Model} {turn.Cost} {Tokens(turn.Usage)} ")
                + Invariant($"{turn.CreatedAt:O} {turn.Signatures} {turn.Length}"));
            foreach (NbImage seen in turn.Images)
            {
                Add("seen", Invariant($"{seen.Sha256} {seen.Prompt} {seen.Cost} {seen.AspectRatio} {seen.Size} ")
                    + Invariant($"{seen.FinishReason} {seen.ResponseId} {seen.CreatedAt:O} {seen.RequestHash} ")
                    + Invariant($"{seen.Text} {seen.ComposedPrompt} {string.Join(',', seen.Anchors)}"));
            }
        }
        return text.ToString();
    }

    private static string Part(Part part)
    {
        string what = part switch
        {
            TextPart words => $"text '{words.Text}'",
            ImagePart picture => $"image {picture.MimeType} {picture.Data.Sha256} {!picture.UnknownData.IsEmpty}",
            FilePart file => $"file {file.Uri} {file.MimeType} {file.Source?.Sha256} {!file.UnknownData.IsEmpty}",
            _ => "other",
        };
        return $"{what} {part.Thought} {part.Signature?.Sha256} {Compact(part.Unknown.Find("oddField"))}";
    }

    private static string Tokens(TokenCount? count) => count is null ? "" : Invariant(
        $"{count.PromptTokens}/{count.PromptImageTokens}/{count.CandidateTokens}/{count.ImageTokens}/")
        + Invariant($"{count.ThoughtTokens}/{count.TotalTokens}");

    private static string Compact(JsonElement? json) => json is { } value ? JsonSerializer.Serialize(value) : "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
