using System.Collections.Concurrent;
using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>Decides which input pictures are sent inline and which are uploaded and referred to by address.</summary>
internal sealed class Uploader(GeminiClient client, UploadCache cache, TimeProvider time)
{
    // Leaves room for the text around the pictures.
    private const long Slack = 1_000_000;

    // A file that is about to expire could be gone at a retry.
    private static readonly TimeSpan NeededByCall = TimeSpan.FromMinutes(15);

    // A job may wait for a day before it reads its files.
    private static readonly TimeSpan NeededByJob = TimeSpan.FromHours(26);

    private readonly string _owner = client.Owner;

    // The first failed request of a job removes a lost file from the cache; the other requests that used it look here.
    private readonly ConcurrentDictionary<string, bool> _lost = new(StringComparer.Ordinal);

    public UploadCache Cache => cache;

    /// <summary>Puts every picture of a user's turn where it costs least: a picture that is used again, or that would
    /// pass the inline limit, is uploaded.</summary>
    /// <param name="call">The call, with pictures inside or named by an address that may be stale.</param>
    /// <param name="copies">How often it will be sent.</param>
    /// <param name="cancellationToken">Ends the uploads.</param>
    /// <exception cref="NbException">The pictures that could not be uploaded are too large for a request.</exception>
    public async Task<UploadedCall> PlaceAsync(GenerateCall call, int copies, CancellationToken cancellationToken)
    {
        Input[] inputs = InputsOf(call);
        if (inputs.Length == 0) return new UploadedCall(call, []);

        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var warnings = ImmutableArray.CreateBuilder<string>();
        var failures = new ConcurrentQueue<NbException>();
        if (!client.Endpoint.IsVertex && !client.Options.NoUpload && !client.Uploads.IsClosed)
        {
            Input[] chosen = Choose(call, inputs, copies);
            string?[] found =
                await Task.WhenAll(chosen.Select(input => AddressAsync(input, failures, cancellationToken)))
                .ConfigureAwait(false);
            foreach ((Input input, string? address) in chosen.Zip(found))
            {
                if (address is not null) addresses[input.Data.Sha256] = address;
            }
        }
        GenerateCall placed = Placed(call, addresses);
        long bytes = InlineLimit.All(placed.Sent);
        // When an upload of a video failed, that failure is the reason, not the size of the request.
        if (bytes > InlineLimit.Max)
        {
            throw failures.FirstOrDefault(failure => failure.ErrorId is "Nb.Service.FileNotReady"
                or "Nb.Service.FileRejected") ?? RequestErrors.TooLarge(bytes, InlineLimit.Max);
        }
        warnings.AddRange(failures.Select(failure =>
            $"A picture could not be uploaded and goes inside the request: {failure.Message}"));
        if (client.Uploads.TakeNotice() is { } notice) warnings.Add(notice);
        return new UploadedCall(placed, warnings.ToImmutable());
    }

    /// <summary>Uploads every picture of a user's turn, because a job refers to all of them by address.</summary>
    /// <param name="call">The call, with pictures inside or named by an address that may be stale.</param>
    /// <param name="cancellationToken">Ends the uploads.</param>
    /// <exception cref="NbException">A picture could not be uploaded.</exception>
    public async Task<GenerateCall> PlaceForJobAsync(GenerateCall call, CancellationToken cancellationToken)
    {
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Input input in InputsOf(call))
        {
            addresses[input.Data.Sha256] = await UploadAsync(input, NeededByJob, cancellationToken)
                .ConfigureAwait(false);
        }
        return client.Wired(Placed(call, addresses));
    }

    /// <summary>Handles a failed call: removes files that the service no longer knows from the cache, and stops
    /// uploading where files may not be used.</summary>
    /// <returns>Whether uploading and sending again may help. An error answer is not billed.</returns>
    public bool Forget(NbException error, GenerateCall placed)
    {
        if (error.IsUncertain || error.HttpStatus is not (400 or 403 or 404 or 415 or 422 or 501)) return false;
        FilePart[] files =
            [.. placed.Sent.SelectMany(turn => turn.Parts).OfType<FilePart>()
            .Where(file => file.Source is not null)];
        if (files.Length == 0) return false;
        FilePart[] named = [.. files.Where(file => error.Message.Contains(IdOf(file.Uri), StringComparison.Ordinal))];
        // "You do not have permission to access the File abc or it may not exist."
        bool isAboutFiles = error.Message.Contains("file", StringComparison.OrdinalIgnoreCase);
        if (named.Length == 0 && error.HttpStatus is 403 or 404 && isAboutFiles) named = files;
        bool isRefused = named.Length == 0 && (error.HttpStatus == 403 || isAboutFiles);
        foreach (FilePart file in named)
        {
            cache.Forget(_owner, file.Source!.Sha256, file.Uri);
            isRefused |= client.Uploads.IsForgottenAgain(file.Source.Sha256, time.GetUtcNow());
        }
        if (isRefused) client.Uploads.Close(error.Message);
        return isRefused || named.Length > 0;
    }

    /// <summary>Handles a failed request of a job: removes files that the service no longer knows from the
    /// cache.</summary>
    /// <param name="error">The request's error in the job's results.</param>
    /// <param name="call">The request, with inline pictures.</param>
    /// <returns>Whether another job may succeed.</returns>
    public bool ForgetFromJob(NbException error, GenerateCall call)
    {
        foreach (Input input in InputsOf(call))
        {
            if (cache.Find(_owner, input.Data.Sha256, DateTimeOffset.MinValue) is not { } uri
                || !error.Message.Contains(IdOf(uri), StringComparison.Ordinal)) continue;
            cache.Forget(_owner, input.Data.Sha256, uri);
            _lost[IdOf(uri)] = true;
        }
        return _lost.Keys.Any(id => error.Message.Contains(id, StringComparison.Ordinal));
    }

    private Input[] Choose(GenerateCall call, Input[] inputs, int copies)
    {
        var chosen = new List<Input>();
        long inline = InlineLimit.Fixed(call.Sent) + Slack;
        foreach (Input input in inputs)
        {
            bool again = cache.CountUse(_owner, input.Data.Sha256, copies) > 1;
            if (again || cache.Find(_owner, input.Data.Sha256, time.GetUtcNow() + NeededByCall) is not null)
            {
                chosen.Add(input);
            }
            else inline += InlineLimit.Base64(input.Data);
        }
        foreach (Input input in inputs.Except(chosen).OrderByDescending(input => input.Data.Length).ToArray())
        {
            if (inline <= InlineLimit.Budget) break;
            inline -= InlineLimit.Base64(input.Data);
            chosen.Add(input);
        }
        return [.. chosen];
    }

    private async Task<string?> AddressAsync(Input input, ConcurrentQueue<NbException> failures,
        CancellationToken cancellationToken)
    {
        try
        {
            return await UploadAsync(input, NeededByCall, cancellationToken).ConfigureAwait(false);
        }
        // The picture can still be sent inside the request. Errors about the key are thrown.
        catch (NbException e) when (e.Kind != NbErrorKind.AuthenticationError)
        {
            if (SaysNoUploads(e))
            {
                client.Uploads.Close(e.Message);
                return null;
            }
            failures.Enqueue(e);
            return null;
        }
    }

    // The service has no uploads, or this key may not use them: the next picture would fail the same way.
    private static bool SaysNoUploads(NbException e) => e.HttpStatus is 400 or 403 or 404 or 405 or 501
        || e.ErrorId is "Nb.Service.UploadFailed" or "Nb.Service.StorageFull" or "Nb.Answer.NotJson"
        or "Nb.Answer.Malformed";

    private Task<string> UploadAsync(Input input, TimeSpan needed, CancellationToken cancellationToken) =>
        cache.GetOrUploadAsync(_owner, input.Data.Sha256, needed, time, async () =>
        {
            GeminiFile file =
                await client.UploadAsync(input.Data, input.MimeType, input.Data.ToString(), cancellationToken)
                .ConfigureAwait(false);
            return file.Uri.Length > 0
                && file.State is null or "ACTIVE" ? file
                : throw ServiceErrors.UploadFailed($"the file's state is '{file.State}'.");
        }, cancellationToken);

    private static Input[] InputsOf(GenerateCall call) =>
        [.. call.Sent.Where(turn => turn.Role == Turn.User).SelectMany(turn => turn.Parts)
            .Select(Input.Of).OfType<Input>().DistinctBy(input => input.Data.Sha256)];

    private static GenerateCall Placed(GenerateCall call, Dictionary<string, string> addresses)
    {
        Turn Place(Turn turn) =>
            turn.Role == Turn.User ? turn with { Parts = [.. turn.Parts.Select(part => Placed(part, addresses))] }
            : turn;
        return call with { Contents = [.. call.Contents.Select(Place)] };
    }

    private static Part Placed(Part part, Dictionary<string, string> addresses)
    {
        if (Input.Of(part) is not { } input) return part;
        return addresses.TryGetValue(input.Data.Sha256, out string? address)
            ? new FilePart(address, input.MimeType) { Source = input.Data, Signature = part.Signature,
                Thought = part.Thought, Unknown = part.Unknown }
            : part is ImagePart ? part
            : new ImagePart(input.Data, input.MimeType) { Signature = part.Signature, Thought = part.Thought,
                Unknown = part.Unknown };
    }

    private static string IdOf(string uri) => uri[(uri.LastIndexOf('/') + 1)..];

    private sealed record Input(Blob Data, string MimeType)
    {
        public static Input? Of(Part part) => part switch
        {
            ImagePart image => new Input(image.Data, image.MimeType),
            FilePart { Source: { } source } file => new Input(source, file.MimeType),
            _ => null,
        };
    }
}
