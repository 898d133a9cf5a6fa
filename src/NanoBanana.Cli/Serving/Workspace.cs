using System.Collections.Concurrent;
using System.Text.Json;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Judging;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Cli.Serving;

/// <summary>Where a server makes images for others: one folder with its anchors, under one budget. Nothing outside
/// the folder is read or written.</summary>
/// <param name="service">The service.</param>
/// <param name="folder">Full path; created when missing.</param>
/// <param name="budget">The money that all calls share.</param>
/// <param name="parallel">Most calls in flight at once.</param>
/// <param name="places">Those of the whole server: each call in flight takes one.</param>
/// <param name="stopping">Canceled when the server is to end: nothing more is begun then.</param>
internal sealed class Workspace(ImageService service, string folder, Budget budget, int parallel, SemaphoreSlim places,
    CancellationToken stopping) : IAsyncDisposable
{
    // One client does not fill the queue of the whole server.
    private readonly SemaphoreSlim _room = new(parallel);
    private readonly ConcurrentDictionary<Task, bool> _works = new();
    private readonly Task _stopping = Task.Delay(Timeout.Infinite, stopping)
        .ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>The money.</summary>
    public Budget Budget => budget;

    /// <summary>USD of the money that counts as spent for jobs at the service, by the folder of their batch, until they
    /// are fetched.</summary>
    public ConcurrentDictionary<string, decimal> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>The service.</summary>
    public ImageService Service => service;

    /// <summary>Full path of the folder.</summary>
    public string Folder => folder;

    /// <summary>Most calls in flight at once.</summary>
    public int Parallel => parallel;

    /// <summary>Places that everything that is sent takes and gives back.</summary>
    public SemaphoreSlim Places => places;

    /// <summary>Canceled when the server is to end.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>The anchors, in a folder of their own.</summary>
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
        // A name, and no path: what lies elsewhere is not there.
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

    /// <summary>A policy of the folder: a JSON file that its owner put there.</summary>
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
            // Where the folder lies is nothing to strangers.
            throw new NbException(e.ErrorId, e.Kind, e.Message.Replace(path, id, StringComparison.Ordinal)
                .Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), e.Advice)
            {
                Target = id,
            };
        }
    }

    /// <summary>Where a policy of the folder lies.</summary>
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
    /// <exception cref="NbException">What it says of scores, policies, regions or masks is wrong.</exception>
    public decimal? MostCost(PreparedRequest request)
    {
        TryRule? rule = RuleOf(request).Rule;
        return (request.EstimatedCost + (rule?.JudgingEstimate ?? 0)) * (rule?.MaximumTryCount ?? 1);
    }

    /// <summary>An image that a field names.</summary>
    /// <param name="text">A data URL, or the id of an image of the folder.</param>
    /// <exception cref="NbException">It names none.</exception>
    public NbImage ImageOf(string text) =>
        // Fetching addresses for strangers would reach what only this machine can reach.
        text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? ImageAddress.OfDataUrl(text) : Find(text);

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

    /// <summary>Makes one image and saves it. When the caller goes away, it is finished and saved all the same: it
    /// will be paid for.</summary>
    /// <param name="request">From <see cref="ImageService.Prepare"/>.</param>
    /// <param name="name">Name of its file without extension, numbered where it is taken; null for words of the
    /// prompt.</param>
    /// <param name="tell">Told of pauses, as sentences.</param>
    /// <param name="gone">Canceled when the client no longer waits.</param>
    /// <returns>At least one image.</returns>
    /// <exception cref="NbException">There is none, and why.</exception>
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

    /// <summary>Has the server wait for some work before it ends, also when nobody else does any more.</summary>
    /// <param name="work">It has begun.</param>
    /// <param name="gone">Canceled when the client no longer waits.</param>
    public Task<T> HoldAsync<T>(Task<T> work, CancellationToken gone)
    {
        _works[work] = true;
        _ = work.ContinueWith(_ => _works.TryRemove(work, out bool _), TaskScheduler.Default);
        return work.WaitAsync(gone);
    }

    /// <summary>Waits for what is in flight: it is paid for.</summary>
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

    // A stranger names what lies in this folder, and no other file of this machine.
    private (TryRules Rules, TryRule? Rule) RuleOf(PreparedRequest request)
    {
        var rules = new TryRules(service, Policy, id => Find(id).Path!);
        return (rules, rules.For(request, mayBeAlone: false));
    }
}
