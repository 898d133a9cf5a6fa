using System.Collections.Concurrent;
using System.Text.Json;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving;

/// <summary>A folder in which a server makes images for clients, with its anchors and one budget. Nothing outside the
/// folder is read or written.</summary>
/// <param name="service">The service.</param>
/// <param name="folder">Full path; created when missing.</param>
/// <param name="budget">The money that all calls share.</param>
/// <param name="parallel">Most calls in flight at once.</param>
/// <param name="places">The places of the whole server: each call in flight takes one.</param>
/// <param name="stopping">Canceled when the server is stopping: then nothing more begins.</param>
internal sealed class Workspace(ImageService service, string folder, Budget budget, int parallel, SemaphoreSlim places,
    CancellationToken stopping) : IAsyncDisposable
{
    // Limited, so that one client cannot fill the queue of the whole server.
    private readonly SemaphoreSlim _room = new(parallel);
    private readonly ConcurrentDictionary<Task, bool> _works = new();
    private readonly Task _stopping = Task.Delay(Timeout.Infinite, stopping)
        .ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>The money.</summary>
    public Budget Budget => budget;

    /// <summary>USD counted as spent for jobs at the service until they are fetched, by the folder of their
    /// batch.</summary>
    public ConcurrentDictionary<string, decimal> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>The service.</summary>
    public ImageService Service => service;

    /// <summary>Full path of the folder.</summary>
    public string Folder => folder;

    /// <summary>Most calls in flight at once.</summary>
    public int Parallel => parallel;

    /// <summary>The places; each call takes one and returns it.</summary>
    public SemaphoreSlim Places => places;

    /// <summary>Canceled when the server is to end.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The anchors, in their own folder.</summary>
    public AnchorLibrary Anchors { get; } = new(Path.Combine(folder, "anchors"));

    /// <summary>The newest images, newest last.</summary>
    /// <param name="most">How many at most.</param>
    public IEnumerable<NbImage> Latest(int most) => !Directory.Exists(folder) ? [] :
        ImageFile.List(folder).OrderBy(File.GetLastWriteTimeUtc).ThenBy(path => path, StringComparer.Ordinal)
            .TakeLast(most).Select(ImageFile.Import);

    /// <summary>An image of the folder.</summary>
    /// <param name="id">Name of its file.</param>
    /// <exception cref="NbException">There is none of that name.</exception>
    public NbImage Find(string id)
    {
        // Only a name is accepted, not a path, so that no other file can be read.
        string? path = Directory.Exists(folder) && Path.GetFileName(id) == id && id.Length > 0
            ? ImageFile.List(folder).FirstOrDefault(file => Path.GetFileName(file) == id)
            : null;
        return ImageFile.Import(path ?? throw new NbException(
            "Nb.Image.Unknown", NbErrorKind.ObjectNotFound, $"There is no image '{Readable.Short(id)}' here.",
            "Give the id of an image that was made here.") { Target = id });
    }

    /// <summary>An anchor of the folder.</summary>
    /// <exception cref="NbException">There is none of that name.</exception>
    public Anchor Anchor(string name) => Anchors.Find(name) ?? throw AnchorErrors.Unknown(name, Anchors.Names);

    /// <summary>A policy of the folder: a JSON file put there by its owner.</summary>
    /// <param name="id">Name of the file.</param>
    /// <exception cref="NbException">There is none of that name, or it is wrong.</exception>
    public BrandPolicy Policy(string id)
    {
        string path = PolicyPath(id);
        try
        {
            return BrandPolicy.Load(path, Anchor);
        }
        catch (NbException e)
        {
            // Clients must not see the folder's path.
            throw new NbException(e.ErrorId, e.Kind, WithoutFolder(e.Message), e.Advice) { Target = id };
        }
    }

    /// <summary>A text without the folder's path, for clients that must not see paths of the server.</summary>
    public string WithoutFolder(string text) => text
        .Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(folder, ".", StringComparison.Ordinal);

    /// <summary>The full path of a policy of the folder.</summary>
    /// <exception cref="NbException">There is none of that name.</exception>
    public string PolicyPath(string id)
    {
        string path = Path.Combine(folder, id.Length > 0 ? id : "policy");
        bool isThere = Path.GetFileName(id) == id && id.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            && !ImageFile.IsSidecar(path) && File.Exists(path) && new FileInfo(path).LinkTarget is null;
        return isThere ? path : throw new NbException(
            "Nb.File.NotFound", NbErrorKind.ObjectNotFound, $"There is no policy '{Readable.Short(id)}' here.",
            "Give the name of a JSON file that lies beside the images. Nothing was sent.") { Target = id };
    }

    /// <summary>USD that a request costs with all its tries and judging; null when unknown.</summary>
    /// <param name="request">From <see cref="ImageService.Prepare"/>.</param>
    /// <exception cref="NbException">Its scores, policies, regions or masks are wrong.</exception>
    public decimal? MostCost(PreparedRequest request)
    {
        TryRule? rule = RuleOf(request).Rule;
        return (request.EstimatedCost + (rule?.JudgingEstimate ?? 0)) * (rule?.MaximumTryCount ?? 1);
    }

    /// <summary>An image that a field names.</summary>
    /// <param name="text">A data URL, or the id of an image of the folder.</param>
    /// <exception cref="NbException">It names no image.</exception>
    public NbImage ImageOf(string text) =>
        // URLs of clients are not fetched, because they could reach anything private to this machine.
        text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? ImageAddress.OfDataUrl(text) : Find(text);

    /// <summary>What a reference names.</summary>
    /// <param name="text">A data URL of a picture, a video or a document, or the id of an image of the folder.</param>
    /// <exception cref="NbException">It names nothing that a model looks at.</exception>
    public Picture InputOf(string text) =>
        text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? ImageAddress.InputOfDataUrl(text)
            : Find(text).ToPicture();

    /// <summary>Makes an image the anchor that the fields of a request describe: name, image, role,
    /// description.</summary>
    /// <exception cref="NbException">A field is missing or wrong, or the folder cannot be written.</exception>
    public Anchor SetAnchor(IReadOnlyList<KeyValuePair<string, JsonElement>> fields)
    {
        JsonFields.Demand(fields, "name", "image", "role", "description");
        string name = JsonFields.Required(fields, "name");
        Picture picture = ImageOf(JsonFields.Required(fields, "image")).ToPicture();
        string word = JsonFields.Text(fields, "role") ?? nameof(ReferenceRole.Character);
        if (int.TryParse(word, out _) || !Enum.TryParse(word, ignoreCase: true, out ReferenceRole role))
        {
            throw new NbException("Nb.Request.UnknownRole", NbErrorKind.InvalidArgument,
                $"'{Readable.Short(word)}' is no role.",
                $"It is one of {string.Join(", ", Enum.GetNames<ReferenceRole>())}.");
        }
        return Anchors.Save(Requests.Anchor.Create(
            name, role, JsonFields.Text(fields, "description"), [picture]));
    }

    /// <summary>Makes one image and saves it. It is finished and saved even if the caller goes away, because it is paid
    /// for.</summary>
    /// <param name="request">From <see cref="ImageService.Prepare"/>.</param>
    /// <param name="name">Name of its file without extension, numbered where it is taken; null for words of the
    /// prompt.</param>
    /// <param name="tell">Called with pauses, as sentences.</param>
    /// <param name="gone">Canceled when the client no longer waits.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="NbException">There is no image; the error says why.</exception>
    public async Task<MadeImages> MakeAsync(
        PreparedRequest request, string? name, Action<string> tell, CancellationToken gone)
    {
        await _room.WaitAsync(gone).ConfigureAwait(false);
        try
        {
            await places.WaitAsync(gone).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _room.Release();
            throw;
        }
        return await HoldAsync(MakeAsync(request, name, tell), gone).ConfigureAwait(false);
    }

    /// <summary>Makes the server wait for some work before it ends, even if no client waits any more.</summary>
    /// <param name="work">The running work.</param>
    /// <param name="gone">Canceled when the client no longer waits.</param>
    public Task<T> HoldAsync<T>(Task<T> work, CancellationToken gone)
    {
        _works[work] = true;
        _ = work.ContinueWith(_ => _works.TryRemove(work, out bool _), TaskScheduler.Default);
        return work.WaitAsync(gone);
    }

    /// <summary>Waits for calls in flight, because they are paid for.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_works.Keys).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        _room.Dispose();
    }

    private async Task<MadeImages> MakeAsync(PreparedRequest request, string? name, Action<string> tell)
    {
        try
        {
            var place = new SaveTarget(File: null, folder, Force: false, new SaveSession()) { Stem = name };
            place.Check();
            (TryRules rules, TryRule? rule) = RuleOf(request);
            await rules.DemandJudgesAsync(stopping).ConfigureAwait(false);
            var options = new EngineOptions { ThrottleLimit = 1, Budget = budget, Stopping = _stopping };
            var engine = new ImageEngine(service, options, CancellationToken.None);
            await using (engine.ConfigureAwait(false))
            {
                engine.Add(new SingleOrder(request, place) { Rule = rule });
                while (await engine.NextAsync().ConfigureAwait(false) is { } step)
                {
                    if (step.Pause is { } pause) tell(pause.Message);
                    if (step.Outcome is not { } outcome) continue;
                    if ((outcome.Error ?? outcome.Unsaved.FirstOrDefault()) is { } error) throw error;
                    if (outcome.Unchecked is { } failure) tell(failure.Message);
                    else if (outcome.IsRejected)
                    {
                        tell(JudgeErrors.Rejected(outcome.Images[^1], outcome.TryCount, outcome.Cost).Message);
                    }
                    if (!outcome.Images.IsEmpty) return new MadeImages(outcome.Images, outcome);
                }
                throw engine.Fatal ?? new NbException("Nb.Server.Stopping", NbErrorKind.ResourceUnavailable,
                    "The server is stopping.", "Ask again when it runs. Nothing was sent for this.");
            }
        }
        finally
        {
            places.Release();
            _room.Release();
        }
    }

    // A client may only name files of this folder, and no other file of this machine.
    private (TryRules Rules, TryRule? Rule) RuleOf(PreparedRequest request)
    {
        var rules = new TryRules(service, Policy, id => Find(id).Path!);
        TryRule? rule = rules.For(request, mayBeAlone: false);
        rules.DemandUsed(request.Request);
        return (rules, rule);
    }
}
