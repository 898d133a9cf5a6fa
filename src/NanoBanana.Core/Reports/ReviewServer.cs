using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Batches.Reviews;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Reports;

/// <summary>The review page of a folder on a port of this machine: what is approved, rejected and noted there is
/// written to review.json in the folder. Only requests to its full address, which contains a secret, are
/// answered.</summary>
public sealed class ReviewServer : IDisposable
{
    private const int Tries = 20;

    private readonly HttpListener _listener;
    private readonly string _folder;
    private readonly WordList _words;
    private readonly bool _recurse;
    private readonly string? _title;
    private readonly byte[] _secret;
    private readonly object _gate = new();
    private readonly List<string> _files = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReviewServer(
        HttpListener listener, int port, string folder, WordList words, string? title, bool recurse)
    {
        (_listener, _folder, _words, _title, _recurse) = (listener, folder, words, title, recurse);
        string secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant();
        _secret = Encoding.ASCII.GetBytes(secret);
        Address = new Uri($"http://127.0.0.1:{port}/{secret}/");
        _ = AcceptAsync();
    }

    /// <summary>The address of the page.</summary>
    public Uri Address { get; }

    /// <summary>Full path of the review file; it exists once something was reviewed.</summary>
    public string ReviewPath => Path.Combine(_folder, Review.FileName);

    /// <summary>A task that ends when the user finishes on the page, or the server is disposed.</summary>
    public Task Completion => _done.Task;

    /// <summary>Begins to listen.</summary>
    /// <param name="folder">Full path of a folder of images, or of a batch.</param>
    /// <param name="words">The words for advice on the page.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="title">The page's title; null for the folder's name.</param>
    /// <param name="recurse">Whether subfolders are included.</param>
    /// <exception cref="NbException">There is no such folder, it cannot be read, or the port is taken.</exception>
    public static ReviewServer Start(
        string folder, WordList words, int port = 0, string? title = null, bool recurse = false)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        // Errors in the folder are reported now, not in the browser.
        _ = ReportReader.Read(folder, recurse);
        for (int tries = 1; ; tries++)
        {
            int chosen = port == 0 ? FreePort() : port;
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{chosen}/");
            try
            {
                listener.Start();
                return new ReviewServer(listener, chosen, folder, words, title, recurse);
            }
            catch (Exception e) when (e is HttpListenerException or SocketException)
            {
                ((IDisposable)listener).Dispose();
                // Another program took the port first.
                if (port != 0 || tries == Tries) throw ReviewErrors.NoPort(chosen, e);
            }
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        ((IDisposable)_listener).Dispose();
        _done.TrySetResult();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException
                or InvalidOperationException)
            {
                return;
            }
            _ = Task.Run(() => Answer(context));
        }
    }

    private void Answer(HttpListenerContext context)
    {
        try
        {
            using HttpListenerResponse response = context.Response;
            // An unread body would be taken for the next request.
            response.KeepAlive = false;
            response.Headers["Cache-Control"] = "no-store";
            response.Headers["X-Content-Type-Options"] = "nosniff";
            response.Headers["Referrer-Policy"] = "no-referrer";
            // A request with a body is handled by then.
            if (Answer(context.Request, response) is { } status) response.StatusCode = (int)status;
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException
            or InvalidOperationException)
        {
            // The browser went away.
        }
    }

    private HttpStatusCode? Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        string[] path = request.Url!.AbsolutePath.Split('/');
        // A foreign name that resolves to this machine (DNS rebinding) is refused.
        if (request.UserHostName != Address.Authority) return HttpStatusCode.MisdirectedRequest;
        bool isKnown = path.Length >= 3
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(path[1]), _secret);
        // Read even if refused, because closing with unread bytes could cut off the answer.
        if (Body(request) is not { } body) return HttpStatusCode.RequestEntityTooLarge;
        // Browsers request an icon, and log an error without one.
        if (path is ["", "favicon.ico"]) return HttpStatusCode.NoContent;
        if (!isKnown) return HttpStatusCode.NotFound;
        try
        {
            return (request.HttpMethod, path[2]) switch
            {
                ("GET", "") => Page(response),
                ("GET", "files") when path.Length > 3 => File(path[3], response),
                ("POST", "review") => IsOwn(request) ? Take(body) : HttpStatusCode.Forbidden,
                ("POST", "done") => IsOwn(request) ? Finish() : HttpStatusCode.Forbidden,
                _ => HttpStatusCode.NotFound,
            };
        }
        catch (NbException e)
        {
            response.ContentType = "text/plain; charset=utf-8";
            response.StatusCode = (int)(e.Kind == NbErrorKind.ParserError
                ? HttpStatusCode.BadRequest : HttpStatusCode.InternalServerError);
            byte[] why = Encoding.UTF8.GetBytes(_words.Say(e.Message));
            response.ContentLength64 = why.Length;
            response.OutputStream.Write(why);
            return null;
        }
    }

    // Another page may send requests here, but cannot fake this origin.
    private bool IsOwn(HttpListenerRequest request) =>
        request.Headers["Origin"] == Address.GetLeftPart(UriPartial.Authority)
        && request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    private HttpStatusCode? Page(HttpListenerResponse response)
    {
        using var page = new MemoryStream();
        lock (_gate)
        {
            Report report = ReportReader.Read(_folder, _recurse);
            ReportPage.RenderServed(page, _title is null ? report : report with { Title = _title }, Link, _words);
        }
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength64 = page.Length;
        response.OutputStream.Write(page.GetBuffer(), 0, (int)page.Length);
        return null;
    }

    // By number, so that only files of the page can be requested.
    private string Link(string path)
    {
        if (!_places.TryGetValue(path, out int place))
        {
            _places.Add(path, place = _files.Count);
            _files.Add(path);
        }
        return $"./files/{place}/{Uri.EscapeDataString(Path.GetFileName(path))}";
    }

    private HttpStatusCode? File(string number, HttpListenerResponse response)
    {
        string? path;
        lock (_gate)
        {
            path = int.TryParse(number, out int place) && place >= 0 && place < _files.Count ? _files[place] : null;
        }
        if (path is null || !System.IO.File.Exists(path)) return HttpStatusCode.NotFound;
        try
        {
            using Stream file = Disk.OpenRead(path);
            byte[] head = new byte[PictureFormat.HeadLength];
            int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            response.ContentType = PictureFormat.Detect(head.AsSpan(0, read))?.MimeType ?? "application/octet-stream";
            response.ContentLength64 = file.Length;
            response.OutputStream.Write(head, 0, read);
            file.CopyTo(response.OutputStream);
            return null;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            return HttpStatusCode.NotFound;
        }
    }

    private static byte[]? Body(HttpListenerRequest request)
    {
        if (!request.HasEntityBody) return [];
        if (request.ContentLength64 is < 0 or > Review.MostBytes) return null;
        byte[] body = new byte[request.ContentLength64];
        request.InputStream.ReadExactly(body);
        return body;
    }

    private HttpStatusCode Take(byte[] body)
    {
        var said = Review.Parse(body, "request");
        lock (_gate) Review.Add(_folder, said);
        return HttpStatusCode.NoContent;
    }

    private HttpStatusCode Finish()
    {
        _done.TrySetResult();
        return HttpStatusCode.NoContent;
    }
}
