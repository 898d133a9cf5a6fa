namespace NanoBanana.Gemini;

/// <summary>How much of one sort of harm is let through.</summary>
/// <param name="Category">Such as HARM_CATEGORY_DANGEROUS_CONTENT.</param>
/// <param name="Threshold">Such as BLOCK_ONLY_HIGH.</param>
public sealed record SafetySetting(string Category, string Threshold);
