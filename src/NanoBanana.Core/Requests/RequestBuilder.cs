using System.Collections.Immutable;
using System.Globalization;
using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Requests;

/// <summary>Turns an <see cref="ImageRequest"/> into the call that is sent: resolves the model, checks every limit of
/// the catalog, composes the prompt, lays out the images.</summary>
/// <remarks>Sends nothing. It refuses what the service is known to refuse, before anything is billed.</remarks>
/// <param name="catalog">The models.</param>
/// <param name="composer">The wording around references.</param>
/// <param name="time">The clock.</param>
/// <param name="api">The API to use; null for generateContent.</param>
/// <param name="isVertex">Whether the service is Vertex AI.</param>
/// <param name="looksBack">Whether a past request is rebuilt and nothing will be sent: then a retired model is
/// allowed.</param>
internal sealed class RequestBuilder(
    ModelCatalog catalog, PromptComposer composer, TimeProvider time, IModelApi? api = null,
    bool isVertex = false, bool looksBack = false)
{
    /// <summary>Checks and composes.</summary>
    /// <exception cref="NbException">The request is wrong; the error says what to change.</exception>
    public PreparedRequest Build(ImageRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Prompt)) throw RequestErrors.EmptyPrompt();
        var warnings = ImmutableArray.CreateBuilder<string>();
        string apiName = api?.Name ?? GenerateContentApi.ApiName;
        Conversation? conversation = request.Source?.Conversation;
        string? named = request.Model ?? conversation?.Model;
        ModelInfo model = (looksBack && named is not null ? catalog.Find(named) : null)
            ?? catalog.Resolve(named, Today);
        WarnOfModel(model, warnings);

        bool continues = conversation is not null && request.Rebase != true;
        if (continues && conversation!.Model != model.Id)
        {
            warnings.Add($"The conversation was held with {conversation.Model}; {model.Id} cannot read its thoughts, "
                + "so the edit starts a new conversation from the picture alone.");
            continues = false;
        }
        if (continues && conversation!.HasAnswer
            && conversation.IsInteraction != (api?.Kind == ModelApi.Interactions))
        {
            warnings.Add($"The conversation was held by another of the service's ways; {apiName} cannot read its "
                + "signatures, so the edit starts a new conversation from the picture alone.");
            continues = false;
        }
        ImmutableArray<Turn> history = continues ? History(request, warnings) : [];
        continues = !history.IsEmpty;

        var context = new OptionContext(model, catalog, apiName, isVertex);
        var call = new GenerateCall { Model = model.Id, Contents = [], ResponseModalities = ["TEXT", "IMAGE"] };
        RequestOptions sent = request;
        foreach (RequestOption option in RequestOptionTable.All)
        {
            (call, object? value) = option.Apply(call, request, context);
            sent = option.With(sent, value);
        }

        SearchFilters.Check(call, request, apiName);

        bool sourceInTurn = request.Source is not null && !continues;
        // When the conversation of a text answer is not continued, its words are sent as text, with the picture they
        // describe.
        NbImage? pictured = PictureBefore(request.Source);
        string wish = sourceInTurn && request.Source is NbText { Text: var said } ? $"{said}\n\n{request.Prompt}"
            : request.Prompt;
        ImmutableArray<Reference> references = LayOut(request, sourceInTurn, warnings);
        bool hasSource = sourceInTurn && pictured is not null;
        ILookup<bool, Reference> arePictures =
            references.ToLookup(reference => reference.Picture.Format.Kind == PictureFormat.Image);
        CheckReferences([.. arePictures[true]], hasSource ? 1 : 0, model, warnings);
        InputChecks.Check(arePictures[false], model, catalog, warnings);

        // Numbering continues through the conversation, so that no two pictures are called Image 1.
        int labeled = continues
            ? Math.Max(composer.LastLabel(conversation!.Turns.Concat(history)),
                conversation.Turns.Where(turn => turn.Role == Turn.User).Sum(turn => turn.Parts.Count(IsPicture)))
            : 0;
        string prompt =
            composer.Compose(continues ? InstructionFor(request)
            : wish, references, hasSource, labeled + 1);
        if (request.PromptSuffix is { } suffix) prompt = $"{prompt.TrimEnd()}\n\n{suffix}";
        if (prompt.Contains('\uFFFD', StringComparison.Ordinal)) throw RequestErrors.BrokenText(prompt);
        call = call with
        {
            Contents = history.Add(UserTurn(prompt, hasSource ? pictured!.ToPicture() : null, references)),
            PreviousAnswer = KeptAnswer(request, history),
            Timeout = model.TierOf(sent.ServiceTier)?.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds)
                : null,
        };
        CheckSize(call, continues, warnings);
        return new PreparedRequest
        {
            Request = request,
            Model = model,
            Call = call,
            Prompt = prompt,
            References = references,
            ContinuesConversation = continues,
            Warnings = warnings.ToImmutable(),
            EstimatedCost = Pricing.Estimate(model, sent, InputTokens(model, call, sent.MediaResolution),
                Pricing.ExpectedSearches(sent) > 0 && model.FreeSearches is { } free
                    ? SearchMeter.Left(free, time.GetUtcNow()) : 0),
            Size = sent.Size,
            ExpectedPixels = ExpectedPixels(model, sent.AspectRatio, sent.Size, hasInput: Images(call) > 0),
            RequestHash = RequestHasher.Of(call),
        };
    }

    private static NbImage? PictureBefore(NbImage? source)
    {
        NbImage? before = source;
        while (before is NbText) before = before.Parent;
        return before;
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private void WarnOfModel(ModelInfo model, ImmutableArray<string>.Builder warnings)
    {
        if (catalog.WarningOf(model) is { } stranger) warnings.Add(stranger);
        // The service's own statement takes precedence over the catalog.
        else if (model.State == "deprecated"
            && ModelStatuses.Apply([model]).Single() is { State: "deprecated" or "retired" } seen)
        {
            model = seen;
            string end = model.Retirement?.Shutdown is { } day
                ? string.Create(CultureInfo.InvariantCulture,
                    $"; it is {(model.Retirement.Confirmed ? "" : "said to be ")}switched off on {day:yyyy-MM-dd}")
                : "";
            string next = model.Retirement?.Replacement is { } id ? $". Its replacement is {id}" : "";
            warnings.Add($"{model.Id} is {model.State}{end}{next}.");
        }
    }

    // Anchors and references by role, in the order of the roles; within a role in the order given.
    private static ImmutableArray<Reference> LayOut(
        ImageRequest request, bool carryOver, ImmutableArray<string>.Builder warnings)
    {
        IEnumerable<Reference> given = request.Anchors.SelectMany(anchor => anchor.ToReferences())
            .Concat(request.References);
        if (carryOver) given = given.Concat(CarriedOver(request, warnings));
        // Videos and documents are not numbered among the pictures.
        return [.. given.OrderBy(reference => reference.Picture.Format.Kind != PictureFormat.Image)
            .ThenBy(reference => reference.Role)];
    }

    // An edit that starts a new conversation still sends the anchors the picture was made with.
    private static List<Reference> CarriedOver(ImageRequest request, ImmutableArray<string>.Builder warnings)
    {
        var carried = new List<Reference>();
        var given = request.Anchors.Select(anchor => anchor.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (Reference reference in request.Source!.References)
        {
            if (reference.Name is not { } name || given.Contains(name)) continue;
            try
            {
                reference.Picture.Data.Verify();
                carried.Add(reference);
            }
            catch (NbException e)
            {
                warnings.Add($"The edit goes on without a picture of '{name}': {e.Message}");
            }
        }
        return carried;
    }

    private static void CheckReferences(
        Reference[] references, int sources, ModelInfo model, ImmutableArray<string>.Builder warnings)
    {
        ReferenceLimits limits = model.References;
        CheckLimit(ReferenceRole.Character);
        CheckLimit(ReferenceRole.Object);
        CheckLimit(ReferenceRole.Style);
        if (limits.Total - sources is { } total && references.Length > total)
        {
            throw RequestErrors.TooManyReferences(null, Names(references), total, model);
        }
        if (limits.Advised is { } advised && references.Length + sources > advised)
        {
            warnings.Add(
                $"{model.Id} works best with at most {advised} input images; this request has {references.Length + sources}.");
        }

        void CheckLimit(ReferenceRole role)
        {
            Reference[] ofRole = [.. references.Where(reference => reference.Role == role)];
            if (limits.OfRole(role) is { } limit && ofRole.Length > limit)
            {
                throw RequestErrors.TooManyReferences(role.ToString(), Names(ofRole), limit, model);
            }
        }

        static string[] Names(IEnumerable<Reference> references) =>
            [.. references.Select(reference => reference.ToString())];
    }

    private static Turn UserTurn(string prompt, Picture? source, ImmutableArray<Reference> references)
    {
        IEnumerable<Picture> pictures = references.Select(reference => reference.Picture);
        if (source is not null) pictures = pictures.Prepend(source);
        // Uploads and stored pictures are found by hash, so changed bytes must not keep the old hash.
        foreach (Picture picture in pictures) picture.Data.Verify();
        return new Turn(Turn.User,
            [new TextPart(prompt), .. pictures.Select(BoundedHistory.Input)]);
    }

    private ImmutableArray<Turn> History(ImageRequest request, ImmutableArray<string>.Builder warnings)
    {
        Conversation conversation = request.Source!.Conversation!;
        if (request.MaxHistory is not { } most || most >= conversation.Turns.Length)
        {
            // A history that is not sent is not checked.
            return KeptAnswer(request, conversation.Turns) is null ? Verified(conversation).Turns : conversation.Turns;
        }
        ImmutableArray<Turn> kept = BoundedHistory.Of(request.Source, most, composer);
        warnings.Add(kept.IsEmpty
            ? $"None of the {conversation.Turns.Length} turns is sent: the edit starts a new conversation from the picture alone."
            : $"Only the last {kept.Length} of {conversation.Turns.Length} turns are sent, with the picture they start from.");
        return Verified(conversation with { Turns = kept }).Turns;
    }

    // The service keeps only whole conversations, so a shortened one is always sent in full.
    private string? KeptAnswer(ImageRequest request, ImmutableArray<Turn> history) =>
        history.Length > 0 && history.Length == request.Source!.Conversation!.Turns.Length
            && !(request.MaxHistory < history.Length) && request.Store != false
            ? api?.KeptAnswer(history, time.GetUtcNow()) : null;

    // After an answer with several images, the prompt must say which one is meant.
    private string InstructionFor(ImageRequest request)
    {
        ImmutableArray<ImagePart> answers = request.Source!.Conversation!.Turns[^1].Results;
        int at = answers.IndexOf(answers.FirstOrDefault(part => part.Data.Sha256 == request.Source.Sha256)!);
        return at < 0 ? request.Prompt : composer.ComposeChoice(request.Prompt, at + 1, answers.Length);
    }

    private static void CheckSize(GenerateCall call, bool continues, ImmutableArray<string>.Builder warnings)
    {
        long bytes = InlineLimit.Fixed(call.Sent);
        if (bytes > InlineLimit.Max) throw RequestErrors.TooLarge(bytes, InlineLimit.Max);
        if (!continues || bytes <= InlineLimit.Budget) return;
        warnings.Add(string.Create(CultureInfo.InvariantCulture,
            $"The conversation's images and signatures are {bytes / 1_000_000} MB, more than the {InlineLimit.Budget / 1_000_000} MB a request should carry. ")
            + "To send less, start a new conversation from the picture (rebase), or keep the last two exchanges (maxHistory 4).");
    }

    // The service would refuse a damaged signature without naming it; checking here is free and names it.
    private static Conversation Verified(Conversation conversation)
    {
        foreach (Blob blob in conversation.Blobs) blob.Verify();
        return conversation;
    }

    private PixelSize? ExpectedPixels(ModelInfo model, string? ratio, string? size, bool hasInput)
    {
        // Without a ratio the service chooses the one nearest to the input image, so the pixels are unknown.
        if (ratio is null && hasInput) return null;
        return (size ?? model.DefaultSize) is { } effective ? catalog.PixelsOf(model, ratio ?? "1:1", effective) : null;
    }

    /// <summary>Tokens that a call is expected to be counted as.</summary>
    internal static long InputTokens(ModelInfo model, GenerateCall call, string? resolution) =>
        Pricing.InputTokens(call.SystemInstruction) + Pricing.InputTokens(model, call.Contents, resolution);

    private static int Images(GenerateCall call) => call.Contents.Sum(turn => turn.PictureCount);

    private static bool IsPicture(Part part) => part.Kind == PictureFormat.Image;
}
