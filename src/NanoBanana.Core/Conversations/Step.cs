using NanoBanana.Storage;

namespace NanoBanana.Conversations;

/// <summary>One step of a turn that came by the Interactions API, such as a thought, a search or the output: the
/// envelope of some parts of the turn.</summary>
/// <param name="Type">Such as thought or model_output; an open vocabulary.</param>
/// <param name="Parts">How many parts of the turn are its content: they follow the parts of the previous step.</param>
public sealed record Step(string Type, int Parts)
{
    /// <summary>The type of a user's step.</summary>
    public const string UserInput = "user_input";

    /// <summary>The type of the model's answer.</summary>
    public const string ModelOutput = "model_output";

    /// <summary>The type of the model's thinking, whose content is its <c>summary</c>.</summary>
    public const string Thought = "thought";

    /// <summary>The signature of the step, returned to the model byte for byte.</summary>
    public Blob? Signature { get; init; }

    /// <summary>Every other field of the step, sent back as it came.</summary>
    public UnknownFields Unknown { get; init; } = UnknownFields.None;
}
