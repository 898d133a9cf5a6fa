namespace NanoBanana.Gemini;

/// <summary>The threshold for one category of harm.</summary>
/// <param name="Category">Such as HARM_CATEGORY_DANGEROUS_CONTENT.</param>
/// <param name="Threshold">Such as BLOCK_ONLY_HIGH.</param>
public sealed record SafetySetting(string Category, string Threshold);
