using System.Globalization;
using System.Text;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>pageSize and pageToken of every list.</summary>
internal static class Paging
{
    public static (IReadOnlyList<T> Page, string? NextToken) Page<T>(
        IReadOnlyList<T> all, EmulatorRequest request, int defaultSize, int largestSize)
    {
        int size = defaultSize;
        if (request.Query.TryGetValue("pageSize", out string? sizeText)
            || request.Query.TryGetValue("page_size", out sizeText))
        {
            if (!int.TryParse(sizeText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out size)
                || size < 0)
            {
                throw ServiceException.InvalidArgument($"Invalid value at 'page_size' (TYPE_INT32), \"{sizeText}\"");
            }
            size = size == 0 ? defaultSize : Math.Min(size, largestSize);
        }

        int start = 0;
        if (request.Query.TryGetValue("pageToken", out string? token) && token.Length > 0 && !TryRead(token, out start))
        {
            throw ServiceException.InvalidArgument("Page token is not valid.");
        }
        T[] page = [.. all.Skip(start).Take(size)];
        bool isLast = start + page.Length >= all.Count;
        return (page, isLast ? null : Token(start + page.Length));
    }

    private static string Token(int start) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"page:{start}")));

    private static bool TryRead(string token, out int start)
    {
        start = 0;
        byte[] bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out int count)
            && Encoding.ASCII.GetString(bytes, 0, count).Split(':') is ["page", string number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out start);
    }
}
