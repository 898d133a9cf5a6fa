using System.Collections.Immutable;
using NanoBanana.Gemini;
using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>All options of a request. Parameters, rows, manifests, nb, checks, the request body and the request hash
/// all follow this table.</summary>
public static class RequestOptionTable
{
    /// <summary>The options, in the order in which they are checked and written.</summary>
    public static ImmutableArray<RequestOption> All { get; } =
    [
        Text("model", "Alias or id of the model.", o => o.Model, (o, v) => o with { Model = v })
            with { Inheritance = OptionInheritance.Source },
        Text("aspectRatio", "Width to height, such as 16:9.",
            o => o.AspectRatio, (o, v) => o with { AspectRatio = v }) with
        {
            NearMisses = ["ratio"],
            Inheritance = OptionInheritance.SourceIfModelHas,
            Words = model => model.Ratios,
            Unsupported = RequestErrors.UnsupportedRatio,
            Kept = image => image.AspectRatio,
            ToCall = (call, value, _) => call with { AspectRatio = (string)value },
        },
        Text("size", "512, 1K, 2K or 4K: the approximate number of pixels per side.",
            o => o.Size, (o, v) => o with { Size = v }) with
        {
            NearMisses = ["resolution"],
            Inheritance = OptionInheritance.SourceIfModelHas,
            Words = model => model.Sizes,
            Unsupported = RequestErrors.UnsupportedSize,
            Kept = image => image.Size,
            ToCall = (call, value, context) =>
                context.Model.SizeParameter ? call with { ImageSize = (string)value } : call,
        },
        Texts("grounding", "Searches the model may make, such as web and image.",
            o => o.Grounding, (o, v) => o with { Grounding = v }) with
        {
            NearMisses = ["tools", "tool"],
            ToCall = (call, value, context) => call with { Tools = Tools((ImmutableArray<string>)value, context) },
        },
        Text("searchAfter", "Find only pages from this day or moment on (Gemini API); with searchBefore.",
            o => o.SearchAfter, (o, v) => o with { SearchAfter = v }) with
        {
            Paths = On("tools/googleSearch/timeRangeFilter/startTime"),
            Spelled = SearchFilters.Moment,
            Demand = SearchFilters.DemandGemini,
            IsHashed = true,
        },
        Text("searchBefore", "Find only pages from before this day or moment (Gemini API); with searchAfter.",
            o => o.SearchBefore, (o, v) => o with { SearchBefore = v }) with
        {
            Paths = On("tools/googleSearch/timeRangeFilter/endTime"),
            Spelled = SearchFilters.Moment,
            Demand = SearchFilters.DemandGemini,
            IsHashed = true,
        },
        Texts("excludeDomains", "Domains that searches leave out, such as example.com (Vertex AI).",
            o => o.ExcludeDomains, (o, v) => o with { ExcludeDomains = v }) with
        {
            Parameter = "ExcludeDomain",
            Paths = On("tools/googleSearch/excludeDomains"),
            Demand = SearchFilters.DemandVertex,
            IsHashed = true,
        },
        Text("thinkingLevel", "How hard the model thinks: minimal, medium or high, if the model has the level.",
            o => o.ThinkingLevel, (o, v) => o with { ThinkingLevel = v }) with
        {
            Inheritance = OptionInheritance.SourceIfModelHas,
            Words = model => model.Thinking.Levels,
            Unsupported = RequestErrors.UnsupportedThinkingLevel,
            ToCall = (call, value, _) => call with { ThinkingLevel = (string)value },
        },
        Flag("includeThoughts", "Get the model's thoughts along with the image.",
            o => o.IncludeThoughts, (o, v) => o with { IncludeThoughts = v }) with
        {
            ToCall = (call, value, _) => call with { IncludeThoughts = (bool)value },
        },
        Text("systemInstruction", "System instruction for the whole conversation.",
            o => o.SystemInstruction, (o, v) => o with { SystemInstruction = v }) with
        {
            Inheritance = OptionInheritance.Source,
            ToCall = (call, value, _) => call with { SystemInstruction = (string)value },
        },
        Texts("safetyThreshold", "A threshold for every category, or CATEGORY=THRESHOLD.",
            o => o.SafetyThreshold, (o, v) => o with { SafetyThreshold = v }) with
        {
            Inheritance = OptionInheritance.Source,
            ToCall = (call, value, context) => call with
            {
                SafetySettings = SafetySettings.Parse((ImmutableArray<string>)value, context.Catalog.Safety),
            },
        },
        Flag("byReference", "Send references that are URLs as URLs: the service fetches them.",
            o => o.ByReference, (o, v) => o with { ByReference = v }),
        Flag("imageOnly", "Ask for an image without text.",
            o => o.ImageOnly, (o, v) => o with { ImageOnly = v }) with
        {
            Inheritance = OptionInheritance.Source,
            ToCall = (call, value, _) => (bool)value ? call with { ResponseModalities = ["IMAGE"] } : call,
        },
        Flag("allowText", "Accept a text answer as a text file; otherwise it is an error, but its text is saved.",
            o => o.AllowText, (o, v) => o with { AllowText = v }),
        Flag("rebase", "For an edit: start a new conversation from the picture alone.",
            o => o.Rebase, (o, v) => o with { Rebase = v }),
        Number("maxHistory", "For an edit: how many turns of the conversation are sent.",
            o => o.MaxHistory, (o, v) => o with { MaxHistory = v }),
        Number("seed", "A number that makes answers more alike; best effort, undocumented for images.",
            o => o.Seed, (o, v) => o with { Seed = v }) with
        {
            ToCall = (call, value, _) => call with { Seed = (int)value },
        },
        // These options decide how the answer is handled and how often it is asked for. They are not sent.
        Fraction("minimumScore", "The lowest accepted score, 0 to 1, from comparing the image with its references.",
            o => o.MinimumScore, (o, v) => o with { MinimumScore = v }, 0, 1),
        Whole("maximumTryCount", "How often the image is tried in all, where it is not good enough; each try is paid.",
            o => o.MaximumTryCount, (o, v) => o with { MaximumTryCount = v }, 1, 20),
        Texts("lettering", "Words that must appear in the picture, compared letter by letter.",
            o => o.Lettering, (o, v) => o with { Lettering = v }) with { Separators = ";" },
        Text("policy", "A JSON file with a brand's gates, which the image must pass.",
            o => o.Policy, (o, v) => o with { Policy = v }) with { IsPath = true },
        Text("judgeModel", "The model that judges.",
            o => o.JudgeModel, (o, v) => o with { JudgeModel = v }),
        Whole("votes", "How often the image is judged; the median counts, and each vote is paid.",
            o => o.Votes, (o, v) => o with { Votes = v }, 1, 15),
        Text("region", "For an edit: the parts that may change, such as 120,80,300,200; everything else is restored.",
            o => o.Region, (o, v) => o with { Region = v }),
        Text("mask", "For an edit: a picture that is white where the source may change; everything else is restored.",
            o => o.Mask, (o, v) => o with { Mask = v }) with { IsPath = true },
        Flag("protect", "For an edit: restore everything that the edit hardly changed.",
            o => o.Protect, (o, v) => o with { Protect = v }),
        Fraction("maximumDrift", "For an edit: gray levels (0 to 255) by which protected parts may drift.",
            o => o.MaximumDrift, (o, v) => o with { MaximumDrift = v }, 0, 255),
        // The tier changes the price and the time limit, not the image, so it is not part of the hash.
        Text("serviceTier", "The service's tier, which sets speed and price: standard, flex or priority.",
            o => o.ServiceTier, (o, v) => o with { ServiceTier = v }) with
        {
            NearMisses = ["tier"],
            Inheritance = OptionInheritance.SourceIfModelHas,
            IsLiveOnly = true,
            Words = model => model.WordsFor("serviceTier"),
            Paths = On("serviceTier", "service_tier"),
        },
        Text("mediaResolution", "How closely the model looks at input pictures: low, medium or high.",
            o => o.MediaResolution, (o, v) => o with { MediaResolution = v }) with
        {
            Inheritance = OptionInheritance.SourceIfModelHas,
            Words = model => model.WordsFor("mediaResolution"),
            Paths = On("generationConfig/mediaResolution", "content/resolution"),
            WirePrefix = "MEDIA_RESOLUTION_",
            IsHashed = true,
        },
        Pairs("labels", "Names and values that split the bill of Vertex AI.",
            o => o.Labels, (o, v) => o with { Labels = v }) with
        {
            Parameter = "Label",
            IsExact = true,
            Inheritance = OptionInheritance.Source,
            Paths = On("labels", "labels"),
            Demand = (option, context) =>
            {
                if (!context.IsVertex && context.Api == GenerateContentApi.ApiName)
                {
                    throw RequestErrors.UnsupportedOption(option, "The Gemini API");
                }
            },
        },
        // The connection's setting takes precedence. Vertex AI keeps nothing and has no such option.
        Flag("store", "Whether the service may keep a copy of the request.",
            o => o.Store, (o, v) => o with { Store = v }) with
        {
            NearMisses = ["nostore"],
            IsExact = true,
            Inheritance = OptionInheritance.Source,
            ToCall = (call, value, _) => (bool)value ? call : call with { NoStore = true },
        },
    ];

    private static RequestOption Text(string name, string description, Func<RequestOptions, string?> get,
        Func<RequestOptions, string?, RequestOptions> set) =>
        new(options => get(options), (options, value) => set(options, (string?)value))
        {
            Name = name, Kind = OptionKind.Text, Description = description,
        };

    private static RequestOption Texts(string name, string description,
        Func<RequestOptions, ImmutableArray<string>?> get,
        Func<RequestOptions, ImmutableArray<string>?, RequestOptions> set) =>
        new(options => get(options), (options, value) => set(options, (ImmutableArray<string>?)value))
        {
            Name = name, Kind = OptionKind.Texts, Description = description,
        };

    private static RequestOption Flag(string name, string description, Func<RequestOptions, bool?> get,
        Func<RequestOptions, bool?, RequestOptions> set) =>
        new(options => get(options), (options, value) => set(options, (bool?)value))
        {
            Name = name, Kind = OptionKind.Flag, Description = description,
        };

    private static RequestOption Number(string name, string description, Func<RequestOptions, int?> get,
        Func<RequestOptions, int?, RequestOptions> set) =>
        new(options => get(options), (options, value) => set(options, (int?)value))
        {
            Name = name, Kind = OptionKind.Number, Description = description,
        };

    private static RequestOption Whole(string name, string description, Func<RequestOptions, int?> get,
        Func<RequestOptions, int?, RequestOptions> set, int least, int most) =>
        Number(name, description, get, set) with { Range = (least, most) };

    private static RequestOption Fraction(string name, string description, Func<RequestOptions, double?> get,
        Func<RequestOptions, double?, RequestOptions> set, double least, double most) =>
        new(options => get(options), (options, value) => set(options, (double?)value))
        {
            Name = name, Kind = OptionKind.Fraction, Description = description, Range = (least, most),
        };

    private static RequestOption Pairs(string name, string description,
        Func<RequestOptions, ImmutableSortedDictionary<string, string>?> get,
        Func<RequestOptions, ImmutableSortedDictionary<string, string>?, RequestOptions> set) =>
        new(options => get(options),
            (options, value) => set(options, (ImmutableSortedDictionary<string, string>?)value))
        {
            Name = name, Kind = OptionKind.Pairs, Description = description,
        };

    // Where a value goes in generateContent and, if available there, in the Interactions API.
    private static ImmutableDictionary<string, string> On(string generateContent, string? interactions = null)
    {
        var paths = ImmutableDictionary<string, string>.Empty.Add(GenerateContentApi.ApiName, generateContent);
        return interactions is null ? paths : paths.Add(InteractionsApi.ApiName, interactions);
    }

    // The service would ignore an unknown name silently, and the picture would be paid for.
    private static ImmutableArray<ModelTool> Tools(ImmutableArray<string> names, OptionContext context)
    {
        ModelInfo model = context.Model;
        foreach (string name in names)
        {
            ModelTool tool = context.Catalog.FindTool(name.Trim())
                ?? throw RequestErrors.UnknownTool(name, model, context.Catalog);
            if (model.IsKnown && !model.Grounding.Contains(tool.Name, StringComparer.OrdinalIgnoreCase))
            {
                throw RequestErrors.UnsupportedGrounding(name, model);
            }
            if (!tool.Wire.ContainsKey(context.Api)) throw RequestErrors.ToolNotOnApi(tool, context.Api);
        }
        return [.. context.Catalog.Tools.Where(tool =>
            names.Any(name => string.Equals(name.Trim(), tool.Name, StringComparison.OrdinalIgnoreCase)))];
    }
}
