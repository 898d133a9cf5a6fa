using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>One step of a request's input.</summary>
/// <param name="Type">user_input, thought, model_output, google_search_call or another one.</param>
/// <param name="Position">Its place in the input, counted from 1.</param>
/// <param name="Parts">Its content.</param>
/// <param name="Signature">The signature of a thought, a tool's call or a tool's result.</param>
/// <param name="Bound">What the signature of a tool's step binds.</param>
internal sealed record InputStep(
    string Type, int Position, IReadOnlyList<RequestPart> Parts, byte[]? Signature = null, string? Bound = null)
{
    public const string UserInput = "user_input";
    public const string ModelOutput = "model_output";
    public const string Thought = "thought";
    public const string SearchCall = "google_search_call";
    public const string SearchResult = "google_search_result";

    public static readonly IReadOnlySet<string> Types = new HashSet<string>(StringComparer.Ordinal)
    {
        UserInput, ModelOutput, Thought, SearchCall, SearchResult, "function_call", "function_result",
            "code_execution_call",
        "code_execution_result", "url_context_call", "url_context_result", "google_maps_call", "google_maps_result",
        "file_search_call", "file_search_result", "mcp_server_tool_call", "mcp_server_tool_result", "processing_call",
        "processing_result", "retrieval_call", "retrieval_result",
    };

    /// <summary>Whether it is user input; every other step comes from the model or its tools.</summary>
    public bool IsUsers => Type is UserInput or "function_result";
}
