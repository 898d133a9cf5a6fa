namespace NanoBanana.Emulator.Wire;

/// <summary>An error as the service answers it: code, message, status and details.</summary>
internal sealed class ServiceException : Exception
{
    private const string TypePrefix = "type.googleapis.com/google.rpc.";

    public ServiceException(int code, string status, string message, params WireObject[] details)
        : base(message)
    {
        Code = code;
        Status = status;
        Details = details;
    }

    public int Code { get; }

    public string Status { get; }

    public IReadOnlyList<WireObject> Details { get; }

    public static ServiceException InvalidArgument(string message, params WireObject[] details) =>
        new(400, "INVALID_ARGUMENT", message, details);

    public static ServiceException NotFound(string message) => new(404, "NOT_FOUND", message);

    /// <summary>One detail of the kind google.rpc.<paramref name="type"/>.</summary>
    public static WireObject Detail(string type, params KeyValuePair<string, object?>[] fields)
    {
        WireObject detail = new() { { "@type", TypePrefix + type } };
        detail.AddRange(fields);
        return detail;
    }

    /// <summary>The error object, also used for the items of a batch and inside arrays.</summary>
    public WireObject ToWire()
    {
        WireObject error = new() { { "code", Code }, { "message", Message }, { "status", Status } };
        if (Details.Count > 0) error.Add("details", Details);
        return error;
    }
}
