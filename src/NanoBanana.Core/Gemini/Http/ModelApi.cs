namespace NanoBanana.Gemini.Http;

/// <summary>Which of the service's ways models are asked by.</summary>
public enum ModelApi
{
    /// <summary><c>generateContent</c>: every model and both services know it. The conversation is sent with each
    /// request, and an answer that did not arrive is lost.</summary>
    GenerateContent,

    /// <summary>The Interactions API of the Gemini API: the service keeps answers, so that a next turn names the one
    /// before it, and what a broken connection lost is fetched.</summary>
    Interactions,
}
