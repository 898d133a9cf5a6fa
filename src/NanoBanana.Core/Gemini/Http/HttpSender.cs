using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using NanoBanana.Gemini.Json;

namespace NanoBanana.Gemini.Http;

/// <summary>Sends requests over HTTP: adds the credential, applies time limit and retries, raises events, and turns
/// every failure into an NbException.</summary>
internal sealed class HttpSender(HttpClient http, GeminiCredential credential, GeminiClientOptions options,
    bool isVertex)
{
    /// <summary>The user agent; some hosts refuse requests without one.</summary>
    public static readonly string UserAgent =
        $"NanoBanana.PowerShell/{typeof(HttpSender).Assembly.GetName().Version?.ToString(3) ?? "0"}";

    private static readonly string[] RequestIdHeaders = ["x-goog-request-id", "x-request-id", "x-cloud-trace-context"];

    public GeminiClientOptions Options => options;

    /// <summary>Makes the message handler: no redirects, which could carry the key elsewhere, no cookies, and
    /// connections are kept.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // DecodedContent decompresses instead, within limits, and also when compression was not requested.
        AutomaticDecompression = DecompressionMethods.None,
        Proxy = new OuterProxy(),
        ConnectTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
    };

    /// <summary>Sends a request, retries it if appropriate, and reads the answer. The request's scope is asked before
    /// each try and notified of its end.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="read">Reads a successful answer; the response is disposed after it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> SendAsync<T>(
        WireRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
            CancellationToken cancellationToken)
    {
        TimeSpan waited = TimeSpan.Zero;
        NbException? uncertain = null;
        for (int attempt = 1; ; attempt++)
        {
            var exchange = new Exchange(request, attempt);
            TimeSpan wait;
            try
            {
                T answer = await SendOnceAsync(exchange, read, cancellationToken).ConfigureAwait(false);
                request.Scope?.OnAnswered();
                return answer;
            }
            catch (NbException e) when (exchange.IsRefused)
            {
                // An earlier try may have been billed, and the error has to say so.
                throw uncertain ?? e;
            }
            catch (NbException e)
            {
                if (WaitAfter(e, exchange, waited) is not { } next) throw;
                if (e.IsUncertain) uncertain = e;
                wait = next;
            }
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            waited += wait;
        }
    }

    /// <summary>Sends, and reads a small answer as JSON; undefined when it is empty.</summary>
    public Task<JsonElement> SendForJsonAsync(WireRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, (response, token) => ReadJsonAsync(response, request.MayBeBilled, token), cancellationToken);

    /// <summary>Reads a small answer as JSON; undefined when it is empty.</summary>
    public static async Task<JsonElement> ReadJsonAsync(
        HttpResponseMessage response, bool mayBeBilled, CancellationToken cancellationToken)
    {
        try
        {
            using var buffer = new MemoryStream();
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false)) await body.CopyToAsync(buffer, cancellationToken)
                .ConfigureAwait(false);
            ReadOnlyMemory<byte> bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
            if (bytes.Span.Trim(" \t\r\n"u8).IsEmpty) return default;
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw AnswerErrors.Malformed(e.Message, e, mayBeBilled);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    private TimeSpan? WaitAfter(NbException e, Exchange exchange, TimeSpan waited)
    {
        TimeSpan? wait = null;
        try
        {
            bool mayRetry = exchange.Request.Retries && !(e.IsUncertain && exchange.Request.IsRecoverable());
            if (mayRetry) wait = RetryPolicy.NextWait(e, exchange.Attempt, waited, options);
            return wait;
        }
        finally
        {
            if (exchange.IsAsked) exchange.Request.Scope?.OnFailed(e, isTriedAgain: wait is not null);
            Notify(exchange, wait is null ? ClientEventKind.Failed
                : ClientEventKind.Retrying, e.HttpStatus, e.ErrorId, wait);
        }
    }

    private async Task<T> SendOnceAsync<T>(
        Exchange exchange, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
            CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeoutOf(exchange.Request), options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using HttpRequestMessage message = await ComposeAsync(exchange, either.Token).ConfigureAwait(false);
            Ask(exchange);
            Notify(exchange, ClientEventKind.Sending);
            if (options.ObserveBody is not null && exchange.Content is { } body)
            {
                NotifyBody(exchange, isRequest: true, body.ToMaskedText());
            }
            HttpResponseMessage response = await http.SendAsync(
                message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            using HttpResponseMessage? owned = exchange.Request.KeepsResponse
                && response.IsSuccessStatusCode ? null : response;
            // An answer that comes earlier cannot answer the request, because its sender had not received all of it.
            exchange.WasSent = exchange.Content is not { IsSent: false };
            exchange.IsAnswered = true;
            exchange.ServerTime = response.Headers.Date;
            exchange.RequestId = RequestIdHeaders
                .Select(name =>
                response.Headers.TryGetValues(name, out IEnumerable<string>? ids) ? SafeText.Of(ids.First()) : null)
                .FirstOrDefault(id => id is not null);
            response.Content = DecodedContent.Of(response.Content, exchange.Request.MayBeBilled);
            Notify(exchange, ClientEventKind.Answered, (int)response.StatusCode);
            if (options.ObserveBody is not null)
            {
                response.Content =
                    new ObservedContent(response.Content, text => NotifyBody(exchange, isRequest: false, text));
            }
            if (!response.IsSuccessStatusCode)
            {
                throw await FailureAsync(exchange, response, either.Token).ConfigureAwait(false);
            }
            return await read(response, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsTransportFailure(e))
        {
            // A canceled token closes the connection, which can look like any other failure.
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The call was canceled.", e, cancellationToken);
            }
            throw Translate(e, exchange, timeout.IsCancellationRequested);
        }
    }

    private static void Ask(Exchange exchange)
    {
        exchange.IsRefused = true;
        exchange.Request.Scope?.OnSending(exchange.Attempt);
        exchange.IsRefused = false;
        exchange.IsAsked = true;
    }

    private async Task<HttpRequestMessage> ComposeAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        WireRequest request = exchange.Request;
        var message = new HttpRequestMessage(request.Method, request.Uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        try
        {
            message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            message.Headers.TryAddWithoutValidation("X-Server-Timeout",
                Math.Ceiling(TimeoutOf(request).TotalSeconds).ToString("0", CultureInfo.InvariantCulture));
            foreach ((string name, string value) in request.Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
            message.Content = exchange.Content = request.Content?.Invoke();
            await credential.ApplyAsync(message, cancellationToken).ConfigureAwait(false);
            options.Headers.ApplyTo(message.Headers);
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private async Task<NbException> FailureAsync(
        Exchange exchange, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ServiceError error = await ServiceError.ReadAsync(response, options.TimeProvider, cancellationToken)
            .ConfigureAwait(false);
        error = error with { Model = exchange.Request.Model, IsVertex = isVertex, CredentialNote = credential.Note };
        return exchange.Request.MayBeBilled && exchange.WasSent && FaultClassifier.IsUncertain(error)
            ? ServiceErrors.GatewayFault(exchange.Request.Uri.Authority, error)
            : ServiceErrors.From(error);
    }

    private static bool IsTransportFailure(Exception e) =>
        e is OperationCanceledException or HttpRequestException
        || e is NbException { ErrorId: AnswerErrors.TruncatedId };

    private NbException Translate(Exception e, Exchange exchange, bool isTimeout)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            // A stored image that cannot be read while it is sent, wrapped by the HTTP stack or not.
            if (inner is NbException known && !isTimeout) return known;
        }
        string host = exchange.Request.Uri.Authority;
        bool isSent = exchange.IsAnswered || (exchange.Content?.IsSent ?? false);
        bool mayBeBilled = exchange.Request.MayBeBilled && isSent;
        if (isTimeout)
        {
            NbException timedOut = ServiceErrors.TimedOut(host, TimeoutOf(exchange.Request), mayBeBilled, e);
            return AnswerErrors.KeptPart(timedOut, (e as NbException)?.KeptAs);
        }
        bool neverConnected = e is OperationCanceledException or HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };
        if (neverConnected && !isSent) return FaultClassifier.NotConnected(host, e);
        return isSent || exchange.Content is null
            ? ServiceErrors.ConnectionLost(host, mayBeBilled, e)
            : ServiceErrors.NotSent(host, e);
    }

    private TimeSpan TimeoutOf(WireRequest request) =>
        request.Timeout is { } least && least > options.Timeout ? least : options.Timeout;

    private void Notify(
        Exchange exchange, ClientEventKind kind, int? status = null, string? errorId = null,
            TimeSpan? retryIn = null) =>
        options.Observe?.Invoke(new ClientEvent
        {
            Kind = kind,
            Method = exchange.Request.Method.Method,
            Host = exchange.Request.Uri.Authority,
            Path = exchange.Request.Uri.AbsolutePath,
            Model = exchange.Request.Model,
            RequestLength = exchange.Content?.Length,
            Attempt = exchange.Attempt,
            Elapsed = exchange.Clock.Elapsed,
            Status = status,
            RequestId = exchange.RequestId,
            ServerTime = exchange.ServerTime,
            ErrorId = errorId,
            RetryIn = retryIn,
        });

    private void NotifyBody(Exchange exchange, bool isRequest, string text) =>
        options.ObserveBody?.Invoke(new ClientBody(
        isRequest, exchange.Request.Method.Method, exchange.Request.Uri.Authority, exchange.Request.Uri.AbsolutePath,
            SafeText.Of(text)));

    private sealed class Exchange(WireRequest request, int attempt)
    {
        public WireRequest Request => request;

        public int Attempt => attempt;

        public Stopwatch Clock { get; } = Stopwatch.StartNew();

        public WireContent? Content { get; set; }

        /// <summary>The scope did not let it be sent.</summary>
        public bool IsRefused { get; set; }

        /// <summary>The scope let it be sent.</summary>
        public bool IsAsked { get; set; }

        public bool IsAnswered { get; set; }

        /// <summary>Whether the answer began after the request's end.</summary>
        public bool WasSent { get; set; }

        public string? RequestId { get; set; }

        public DateTimeOffset? ServerTime { get; set; }
    }
}
