using System.Collections.Immutable;
using NanoBanana.Conversations;
using NanoBanana.Gemini;

namespace NanoBanana.Requests;

/// <summary>Decides which input pictures go inside a request and which are uploaded and named by their address.</summary>
internal sealed class Uploader(GeminiClient client, UploadCache cache, TimeProvider time)
{
    // Words around the pictures need some room too.
    private const long Slack = 1_000_000;

    private readonly string _owner = client.Owner;

    public UploadCache Cache => cache;

    /// <summary>Puts every picture of a user's turn where it costs least: a picture that is used again, or that would pass the inline limit, is uploaded.</summary>
    /// <param name="call">The call, with pictures inside or named by an address that may be stale.</param>
    /// <param name="copies">How often it will be sent.</param>
    /// <param name="cancellationToken">Ends the uploads.</param>
    /// <exception cref="NbException">What could not be uploaded is more than a request carries.</exception>
    public async Task<PlacedCall> PlaceAsync(GenerateCall call, int copies, CancellationToken cancellationToken)
    {
        Input[] inputs = [.. call.Contents.Where(turn => turn.Role == Turn.User).SelectMany(turn => turn.Parts)
            .Select(Input.Of).OfType<Input>().DistinctBy(input => input.Data.Sha256)];
        if (inputs.Length == 0) return new PlacedCall(call, []);

        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (!client.Endpoint.IsVertex)
        {
            Input[] chosen = Choose(call, inputs, copies);
            string?[] found = await Task.WhenAll(chosen.Select(input => AddressAsync(input, warnings, cancellationToken))).ConfigureAwait(false);
            foreach ((Input input, string? address) in chosen.Zip(found))
            {
                if (address is not null) addresses[input.Data.Sha256] = address;
            }
        }
        Turn Place(Turn turn) => turn.Role == Turn.User ? turn with { Parts = [.. turn.Parts.Select(part => Placed(part, addresses))] } : turn;
        GenerateCall placed = call with { Contents = [.. call.Contents.Select(Place)] };
        long bytes = InlineLimit.All(placed.Contents);
        if (bytes > InlineLimit.Max) throw NbErrors.RequestTooLarge(bytes, InlineLimit.Max);
        return new PlacedCall(placed, warnings.ToImmutable());
    }

    /// <summary>After a failed call: forgets the files the service does not know any more.</summary>
    /// <returns>Whether placing and sending again may help. An error answer is not billed.</returns>
    public bool Forget(NbException error, GenerateCall placed)
    {
        if (error.HttpStatus is not (400 or 403 or 404)) return false;
        FilePart[] files = [.. placed.Contents.SelectMany(turn => turn.Parts).OfType<FilePart>().Where(file => file.Source is not null)];
        FilePart[] named = [.. files.Where(file => error.Message.Contains(IdOf(file.Uri), StringComparison.Ordinal))];
        // "You do not have permission to access the File abc or it may not exist."
        if (named.Length == 0 && error.HttpStatus != 400 && error.Message.Contains("file", StringComparison.OrdinalIgnoreCase)) named = files;
        foreach (FilePart file in named) cache.Forget(_owner, file.Source!.Sha256, file.Uri);
        return named.Length > 0;
    }

    private Input[] Choose(GenerateCall call, Input[] inputs, int copies)
    {
        var chosen = new List<Input>();
        long inline = InlineLimit.Fixed(call.Contents) + Slack;
        foreach (Input input in inputs)
        {
            bool again = cache.CountUse(_owner, input.Data.Sha256, copies) > 1;
            if (again || cache.Find(_owner, input.Data.Sha256, time.GetUtcNow()) is not null) chosen.Add(input);
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

    private async Task<string?> AddressAsync(Input input, ImmutableArray<string>.Builder warnings, CancellationToken cancellationToken)
    {
        try
        {
            return await cache.GetOrUploadAsync(_owner, input.Data.Sha256, time, UploadAsync, cancellationToken).ConfigureAwait(false);
        }
        // The picture can still go inside the request; the key cannot be helped.
        catch (NbException e) when (e.Kind != NbErrorKind.AuthenticationError)
        {
            lock (warnings) warnings.Add($"A picture could not be uploaded and goes inside the request: {e.Message}");
            return null;
        }

        async Task<GeminiFile> UploadAsync()
        {
            GeminiFile file = await client.UploadAsync(input.Data, input.MimeType, input.Data.ToString(), cancellationToken).ConfigureAwait(false);
            return file.Uri.Length > 0 && file.State is null or "ACTIVE" ? file : throw NbErrors.UploadFailed($"the file's state is '{file.State}'.");
        }
    }

    private static Part Placed(Part part, Dictionary<string, string> addresses)
    {
        if (Input.Of(part) is not { } input) return part;
        return addresses.TryGetValue(input.Data.Sha256, out string? address)
            ? new FilePart(address, input.MimeType) { Source = input.Data, Signature = part.Signature, Thought = part.Thought, Unknown = part.Unknown }
            : part is ImagePart ? part
            : new ImagePart(input.Data, input.MimeType) { Signature = part.Signature, Thought = part.Thought, Unknown = part.Unknown };
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
