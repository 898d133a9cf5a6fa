using System.Globalization;
using System.Runtime.CompilerServices;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Models;

namespace NanoBanana.Generation;

/// <summary>Checks free of charge whether a connection can make images, without making any.</summary>
/// <param name="service">The connection.</param>
/// <param name="credential">Where its credential came from, as text for people.</param>
/// <param name="defaultModel">The model to check when none is named.</param>
public sealed class ConnectionCheck(ImageService service, string credential, string defaultModel)
{
    // Tokens and certificates tolerate a clock that is off by less than this.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private ClientEvent? _answer;
    private DateTimeOffset _answeredAt;

    /// <summary>Runs the checks, one after the other.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async IAsyncEnumerable<ConnectionFinding> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        GeminiEndpoint endpoint = service.Client.Endpoint;
        using ImageService asked = service.With(service.Client.Options with { Observe = Note, MaximumRetryCount = 0 });
        yield return new("Credential", FindingState.Passed, $"From: {credential}.");

        var offered = new HashSet<string>(StringComparer.Ordinal);
        NbException? refusal = await FailureOf(async () =>
        {
            await foreach (GeminiModel model in asked.Client.ListModelsAsync(cancellationToken).ConfigureAwait(false))
            {
                offered.Add(model.Id);
            }
        }).ConfigureAwait(false);
        yield return AddressFinding(endpoint, refusal);
        if (_answer is null) yield break;
        yield return KeyFinding(endpoint, refusal);
        yield return ClockFinding();
        if (refusal is not null) yield break;

        yield return ModelsFinding(offered);
        yield return await DefaultModelFinding(asked, offered, cancellationToken).ConfigureAwait(false);
        yield return await UploadsFinding(asked, cancellationToken).ConfigureAwait(false);
        yield return new("Storage", FindingState.Passed, service.Client.Storage);
    }

    private ConnectionFinding AddressFinding(GeminiEndpoint endpoint, NbException? refusal) =>
        _answer is { } answer
        ? new("Address", FindingState.Passed, string.Create(CultureInfo.InvariantCulture,
            $"{endpoint} answered in {answer.Elapsed.TotalMilliseconds:0} ms (version {endpoint.ApiVersion})."))
        : new("Address", FindingState.Failed, refusal?.Message ?? "There was no answer.", refusal?.Advice ?? "");

    private static ConnectionFinding KeyFinding(GeminiEndpoint endpoint, NbException? refusal)
    {
        string name = endpoint.IsVertex ? "Project" : "Key";
        string what = endpoint.IsVertex ? $"{endpoint.Project} in {endpoint.Location}" : "The key";
        return refusal is null
            ? new(name, FindingState.Passed, $"{what} is accepted.")
            : new(name, refusal.IsRateLimit ? FindingState.Warning : FindingState.Failed, refusal.Message,
                refusal.Advice);
    }

    private ConnectionFinding ClockFinding()
    {
        if (_answer!.ServerTime is not { } theirs)
        {
            return new("Clock", FindingState.Skipped, "The answer was not dated.");
        }
        TimeSpan difference = _answeredAt - theirs;
        string text = string.Create(CultureInfo.InvariantCulture, $"{difference.Duration().TotalSeconds:0} s");
        return difference.Duration() <= Tolerance
            ? new("Clock", FindingState.Passed, $"This machine's clock and the service's differ by {text}.")
            : new("Clock", FindingState.Warning,
                $"This machine's clock is {text} {(difference > TimeSpan.Zero ? "ahead of" : "behind")} the service's.",
                "Set the clock: access tokens and certificates are dated.");
    }

    private ConnectionFinding ModelsFinding(HashSet<string> offered)
    {
        var today = DateOnly.FromDateTime(_answeredAt.UtcDateTime);
        ModelInfo[] known = [.. service.Catalog.Models.Where(model => !model.IsRetiredOn(today))];
        string[] missing = [.. known.Where(model => !offered.Contains(model.Id)).Select(model => model.Id)];
        string there = string.Create(CultureInfo.InvariantCulture,
            $"{known.Length - missing.Length} of the catalog's {known.Length} models are offered");
        return missing.Length == 0
            ? new("Models", FindingState.Passed, $"{there}.")
            : new("Models", FindingState.Warning, $"{there}; not {string.Join(", ", missing)}.",
                missing.Length == known.Length ? "Check the address, the version of the API and the location."
                : "Ask another model, or a newer catalog.");
    }

    private async Task<ConnectionFinding> DefaultModelFinding(
        ImageService asked, HashSet<string> offered, CancellationToken cancellationToken)
    {
        const string Name = "Default model";
        if (offered.Contains(defaultModel)) return new(Name, FindingState.Passed, $"{defaultModel} is offered.");
        NbException? refusal = await FailureOf(() => asked.Client.GetModelAsync(defaultModel, cancellationToken))
            .ConfigureAwait(false);
        return refusal is null
            ? new(Name, FindingState.Passed, $"{defaultModel} is there, though not on the list.")
            : new(Name, FindingState.Failed, refusal.Message, refusal.Advice);
    }

    private static async Task<ConnectionFinding> UploadsFinding(
        ImageService asked, CancellationToken cancellationToken)
    {
        const string Name = "Uploads";
        const string Inside = "pictures go inside requests";
        if (asked.Client.Endpoint.IsVertex) return new(Name, FindingState.Skipped, $"Vertex AI has none: {Inside}.");
        if (asked.Client.Options.NoUpload) return new(Name, FindingState.Skipped, $"Turned off: {Inside}.");
        NbException? refusal = await FailureOf(async () =>
        {
            await foreach (GeminiFile _ in asked.Client.ListFilesAsync(cancellationToken).ConfigureAwait(false)) break;
        }).ConfigureAwait(false);
        return refusal is null
            ? new(Name, FindingState.Passed, "The service takes uploads.")
            : new(Name, FindingState.Warning, $"There are none, so {Inside}: {refusal.Message}");
    }

    private void Note(ClientEvent step)
    {
        if (step.Kind != ClientEventKind.Answered || _answer is not null) return;
        _answer = step;
        _answeredAt = service.Client.Options.TimeProvider.GetUtcNow();
    }

    private static async Task<NbException?> FailureOf(Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
            return null;
        }
        catch (NbException e)
        {
            return e;
        }
    }
}
