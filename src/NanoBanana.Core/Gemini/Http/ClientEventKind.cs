namespace NanoBanana.Gemini.Http;

/// <summary>The step of a call that a <see cref="ClientEvent"/> reports.</summary>
public enum ClientEventKind
{
    /// <summary>A request goes out.</summary>
    Sending,

    /// <summary>The answer's status and headers came.</summary>
    Answered,

    /// <summary>The try failed, and there is no other.</summary>
    Failed,

    /// <summary>The try failed, and there will be another.</summary>
    Retrying,
}
