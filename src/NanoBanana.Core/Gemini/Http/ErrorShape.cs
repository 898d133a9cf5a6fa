namespace NanoBanana.Gemini.Http;

/// <summary>The kind of an error's body.</summary>
internal enum ErrorShape
{
    /// <summary>No body.</summary>
    Empty,

    /// <summary>Plain words.</summary>
    Text,

    /// <summary>An HTML page.</summary>
    Html,

    /// <summary>JSON, of the service or not.</summary>
    Json,
}
