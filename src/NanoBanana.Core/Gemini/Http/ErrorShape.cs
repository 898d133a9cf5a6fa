namespace NanoBanana.Gemini.Http;

/// <summary>What kind of body an error came in.</summary>
internal enum ErrorShape
{
    /// <summary>No body.</summary>
    Empty,

    /// <summary>Plain words.</summary>
    Text,

    /// <summary>A page.</summary>
    Html,

    /// <summary>JSON, of the service or not.</summary>
    Json,
}
