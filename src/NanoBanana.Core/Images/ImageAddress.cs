using System.Globalization;
using NanoBanana.Gemini.Http;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Gets pictures by their address: a file, a web address, or a data URI that contains the picture.</summary>
/// <remarks>No key is sent: the picture's host is not the service.</remarks>
public static class ImageAddress
{
    // The service accepts no more than this inline.
    private const long MaxBytes = 100 * 1024 * 1024;

    // Guards against a server that sends very slowly.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(2);

    private const string DataScheme = "data:";

    private static readonly string[] Schemes = [DataScheme, "file://", "https://", "http://"];

    private static readonly Lazy<HttpClient> Http = new(() => new HttpClient
    {
        // Each fetch has its own time limit, including the body.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", HttpSender.UserAgent } },
    });

    /// <summary>Whether a text is such an address and not a path.</summary>
    public static bool IsAddress(string text) =>
        Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The picture in a data URL.</summary>
    /// <exception cref="NbException">It is not base64, or not an image.</exception>
    public static NbImage OfDataUrl(string text) => NbImage.Foreign(OfData(text));

    /// <summary>The input in a data URL: a picture, a video or a document.</summary>
    /// <exception cref="NbException">It is not base64, or nothing that a model looks at.</exception>
    public static Picture InputOfDataUrl(string text)
    {
        Blob data = OfData(text);
        return PictureFormat.Detect(data.ReadHead(PictureFormat.HeadLength)) is null
            && MediaSignatures.Detect(data.ReadHead(MediaSignatures.HeadLength)) is not null
            ? Picture.FromInput(data, "the data URL") : NbImage.Foreign(data).ToPicture();
    }

    /// <summary>Fetches a picture.</summary>
    /// <param name="address">Its address: data, file, https or http.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="NbException">It cannot be fetched, is too large, or is not an image.</exception>
    public static Task<NbImage> FetchAsync(string address, CancellationToken cancellationToken) =>
        FetchAsync(address, MostTime, cancellationToken);

    internal static async Task<NbImage> FetchAsync(string address, TimeSpan mostTime,
        CancellationToken cancellationToken)
    {
        // Checked before it becomes a Uri, which cannot be as long as a picture.
        if (address.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase)) return OfDataUrl(address);
        if (!IsAddress(address) || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            throw ImageErrors.AddressUnreadable(address[..(address.IndexOf(':', StringComparison.Ordinal) + 1)],
                "it is not an address of the form data:, file:, https: or http:.");
        }
        if (uri.IsFile) return ImageFile.Import(uri.LocalPath);
        // A password and everything after the path may be secrets.
        address = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(mostTime);
        try
        {
            using HttpResponseMessage response = await Http.Value
                .GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw ImageErrors.AddressUnreadable(address,
                    string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}."));
            }
            return NbImage.Foreign(await ReadAsync(address, response.Content, limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw ImageErrors.AddressUnreadable(address, $"it takes longer than {Readable.Duration(mostTime)}.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ImageErrors.AddressUnreadable(address, e.GetBaseException().Message, e);
        }
    }

    private static async Task<Blob> ReadAsync(string address, HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxBytes) throw ImageErrors.AddressUnreadable(address, TooLarge);
        using var bytes = new MemoryStream();
        Stream body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] piece = new byte[64 * 1024];
            for (int read; (read = await body.ReadAsync(piece, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                bytes.Write(piece, 0, read);
                if (bytes.Length > MaxBytes) throw ImageErrors.AddressUnreadable(address, TooLarge);
            }
        }
        return Blob.FromBytes(bytes.ToArray());
    }

    private static Blob OfData(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !text[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw ImageErrors.AddressUnreadable(DataScheme, "a data URI must be base64.");
        }
        try
        {
            return Blob.FromBytes(Convert.FromBase64String(text[(comma + 1)..]));
        }
        catch (FormatException e)
        {
            throw ImageErrors.AddressUnreadable(DataScheme, "its base64 is broken.", e);
        }
    }

    private static string TooLarge => $"it is larger than {Readable.Bytes(MaxBytes)}.";
}
