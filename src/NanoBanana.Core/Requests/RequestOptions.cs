using System.Collections.Immutable;

namespace NanoBanana.Requests;

/// <summary>The options of a request, wherever they come from: parameters, a row, a manifest, a command line. Null
/// leaves an option unset. <see cref="RequestOptionTable"/> defines each option's name, checks and place in the
/// request.</summary>
public record RequestOptions
{
    /// <summary>Alias or id of the model; null for the source's model, or the default.</summary>
    public string? Model { get; init; }

    /// <summary>Such as 16:9; null to follow the input image, else square.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>Such as 2K; null for the model's default.</summary>
    public string? Size { get; init; }

    /// <summary>Tools the model may use, such as web and image.</summary>
    public ImmutableArray<string>? Grounding { get; init; }

    /// <summary>Searches find only pages from this day or moment on.</summary>
    public string? SearchAfter { get; init; }

    /// <summary>Searches find only pages from before this day or moment.</summary>
    public string? SearchBefore { get; init; }

    /// <summary>Domains that searches leave out.</summary>
    public ImmutableArray<string>? ExcludeDomains { get; init; }

    /// <summary>How hard the model thinks, in the model's own words.</summary>
    public string? ThinkingLevel { get; init; }

    /// <summary>Whether the thoughts come with the image.</summary>
    public bool? IncludeThoughts { get; init; }

    /// <summary>System instruction for the whole conversation.</summary>
    public string? SystemInstruction { get; init; }

    /// <summary>A threshold for every category, or CATEGORY=THRESHOLD, in the service's own words.</summary>
    public ImmutableArray<string>? SafetyThreshold { get; init; }

    /// <summary>Whether references that are URLs are sent as URLs, for the service to fetch.</summary>
    public bool? ByReference { get; init; }

    /// <summary>Ask for no words beside the image.</summary>
    public bool? ImageOnly { get; init; }

    /// <summary>Whether an answer without an image is a result; otherwise it is an error, and the text is kept all the
    /// same.</summary>
    public bool? AllowText { get; init; }

    /// <summary>For an edit: start a new conversation from the source's picture alone.</summary>
    public bool? Rebase { get; init; }

    /// <summary>For an edit: how many turns of the source's conversation are sent; null for all. Fewer than one
    /// exchange is a rebase.</summary>
    public int? MaxHistory { get; init; }

    /// <summary>Best effort, undocumented for images.</summary>
    public int? Seed { get; init; }

    /// <summary>The lowest score, 0 to 1, that the image must reach when a judge compares it with its references; null
    /// for no check.</summary>
    public double? MinimumScore { get; init; }

    /// <summary>How many times the image is made at most; null for once.</summary>
    public int? MaximumTryCount { get; init; }

    /// <summary>Words that must appear in the picture: a judge reads the picture's words, and they are compared letter
    /// by letter; null for no check.</summary>
    public ImmutableArray<string>? Lettering { get; init; }

    /// <summary>Path of the brand's gates; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>Id or alias of the model that judges; null for the default.</summary>
    public string? JudgeModel { get; init; }

    /// <summary>How often an image is judged; null for once.</summary>
    public int? Votes { get; init; }

    /// <summary>For an edit: the parts that may change, as left,top,width,height in pixels of the source, with ;
    /// between them; null for all of it.</summary>
    public string? Region { get; init; }

    /// <summary>For an edit: path of a picture that is white where the source may change.</summary>
    public string? Mask { get; init; }

    /// <summary>For an edit: restore from the source what the edit hardly changed.</summary>
    public bool? Protect { get; init; }

    /// <summary>For an edit: how many gray levels (0 to 255) the protected parts may drift.</summary>
    public double? MaximumDrift { get; init; }

    /// <summary>The service's tier, which sets speed and price: standard, flex or priority.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>How closely the model looks at input pictures: low, medium or high.</summary>
    public string? MediaResolution { get; init; }

    /// <summary>Names and values that split the bill.</summary>
    public ImmutableSortedDictionary<string, string>? Labels { get; init; }

    /// <summary>False asks the service to keep no copy of the request.</summary>
    public bool? Store { get; init; }
}
