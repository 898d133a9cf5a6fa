namespace NanoBanana.Gemini.Http;

/// <summary>The service's APIs for asking models.</summary>
public enum ModelApi
{
    /// <summary><c>generateContent</c>: every model and both services support it. The conversation is sent with each
    /// request, and an answer that does not arrive is lost.</summary>
    GenerateContent,

    /// <summary>The Interactions API of the Gemini API: the service keeps answers, so that the next turn can refer to
    /// the previous one by id, and an answer lost with the connection can be fetched.</summary>
    Interactions,
}
