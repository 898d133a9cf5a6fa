using System.Globalization;
using NanoBanana.Gemini;

namespace NanoBanana.Requests;

/// <summary>Search filters: the Gemini API accepts a range of time, Vertex AI accepts domains, and the Interactions API
/// accepts neither.</summary>
internal static class SearchFilters
{
    /// <summary>Converts a day or a moment to the service's form.</summary>
    /// <exception cref="NbException">It is neither.</exception>
    public static string Moment(RequestOption option, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset moment)
            ? moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            : throw RequestErrors.NotAMoment(option, text);

    /// <summary>Refuses filters that only the Gemini API accepts.</summary>
    public static void DemandGemini(RequestOption option, OptionContext context)
    {
        if (context.IsVertex) throw RequestErrors.UnsupportedOption(option, "Vertex AI");
    }

    /// <summary>Refuses filters that only Vertex AI accepts.</summary>
    public static void DemandVertex(RequestOption option, OptionContext context)
    {
        if (!context.IsVertex) throw RequestErrors.UnsupportedOption(option, "The Gemini API");
    }

    /// <summary>Refuses a filter without a search tool, and a range with one end, as the service does.</summary>
    public static void Check(GenerateCall call, RequestOptions options, string api)
    {
        WireField? filter = call.Fields.FirstOrDefault(field => ToolFragments.IsOfTool(field, api));
        if (filter is not null
            && !ToolFragments.Of(call.Tools, api).Any(tool => ToolFragments.Takes(tool, filter, api)))
        {
            throw RequestErrors.NothingToSearch(filter.Name);
        }
        if (options.SearchAfter is null != options.SearchBefore is null)
        {
            throw RequestErrors.HalfRange(options.SearchAfter is null ? "searchAfter" : "searchBefore");
        }
        if (options is { SearchAfter: { } after, SearchBefore: { } before }
            && DateTimeOffset.Parse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            >= DateTimeOffset.Parse(before, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
        {
            throw RequestErrors.EmptyRange(after, before);
        }
    }
}
