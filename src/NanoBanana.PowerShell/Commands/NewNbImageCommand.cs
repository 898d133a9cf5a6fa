using System.Collections;
using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Batches.Manifests;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Draws images from words, anchors and references.</summary>
[Cmdlet(VerbsCommon.New, "NbImage", SupportsShouldProcess = true)]
[OutputType(typeof(NbImage), typeof(NbText))]
public sealed class NewNbImageCommand : ManyImagesCmdlet
{
    /// <summary>What to draw: one image for each prompt. From the pipeline also rows with the columns of a manifest's
    /// item, and images whose whole request is repeated.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public object[] Prompt { get; set; } = [];

    /// <summary>Rows with the settings for a prompt that is typed, one request each.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Make the background transparent: the model is asked for a background in a key color far from the
    /// subject's colors, which is then removed. The image as the model drew it is kept beside the result, with -model
    /// after its name.</summary>
    [Parameter]
    public SwitchParameter TransparentBackground { get; set; }

    /// <summary>Draw it in each of these values, and in every combination of several:
    /// @{ light = 'dawn', 'dusk'; style = 'ink', 'photo' }. {light} in the prompt is filled, the name of an option is
    /// set, anything else is added to the prompt. The files are named after their values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Vary { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Checked before anything is paid for.
        if (TransparentBackground) Demand(() => ImagingExtension.Current.Value);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Row = null;
        if (Given.IsTyped(nameof(Prompt)) && InputObject is not null)
        {
            if (!Try(() => Row = SettingsOf(InputObject, Prompt), InputObject)) return;
            WarnOf(Row);
        }
        RequestRow? settings = Row;
        foreach (object? given in Prompt)
        {
            Row = settings;
            Draw(given);
        }
    }

    // With a typed prompt, only a row of settings may be piped. For any other input, one of the two would be ignored.
    private static RequestRow? SettingsOf(object input, object[] prompts)
    {
        string? words = prompts.Select(PSValue.Unwrapped).OfType<string>().FirstOrDefault();
        return RequestRow.Is(input) && words is not null ? RequestRow.Read(input, isEdit: false, words)
            : throw RequestErrors.BesidePrompt(PSValue.Unwrapped(input)?.GetType().Name ?? "null");
    }

    private void Draw(object? given)
    {
        object? value = PSValue.Unwrapped(given);
        if (value is object?[] or IEnumerable<string>)
        {
            foreach (object? inner in (IEnumerable)value) Draw(inner);
            return;
        }
        if (IsRefused(value)) return;
        Input = Given.IsTyped(nameof(Prompt)) && InputObject is not null ? InputObject : value as string ?? given;
        if (value is not string)
        {
            if (!Try(() => Row = RowOf(given, value), given) || Row is null) return;
            WarnOf(Row);
        }
        Draw(value as string ?? Row!.Item.Prompt!);
    }

    private RequestRow? RowOf(object? given, object? value) => value switch
    {
        null => throw RequestErrors.EmptyPrompt(),
        FileSystemInfo file => throw RequestErrors.PromptIsPath(file.FullName),
        NbImage image => Repeated(image),
        _ when ImageInput.IsRecorded(given) => Repeated(Images.Of(given)[0]),
        _ when RequestRow.Is(given) => RequestRow.Read(given!, isEdit: false),
        not ValueType when PSObject.AsPSObject(given).Properties[nameof(Prompt)] is not null =>
            RequestRow.Read(given!, isEdit: false),
        _ => throw ManifestInput.NotAPrompt(value),
    };

    private RequestRow Repeated(NbImage image)
    {
        ImageRequest request = RecordedRequest.Of(image, OpenConnection.Catalog, Service.Prepare);
        // A model that always thinks accepts no level.
        bool alwaysThinks = Model is not null
            && OpenConnection.Catalog.Find(Model) is { Thinking: { Always: true, Levels.Count: 0 } };
        return RequestRow.Repeating(alwaysThinks ? request with { ThinkingLevel = null } : request);
    }

    private void Draw(string prompt)
    {
        if (PromptInput.FileOf(prompt, SessionState.Path.CurrentFileSystemLocation.ProviderPath) is { } file)
        {
            Report(RequestErrors.PromptIsPath(file));
            return;
        }
        if (Vary is null)
        {
            Draw(new ImageRequest { Prompt = prompt }, Row?.Stem);
            return;
        }
        // Named and filled like the items of a batch.
        ImmutableArray<ManifestItem> cells = [];
        if (!Try(() => cells = Manifest.FromObjects([Cells(prompt)], Paths.Here)
            .Varied(VaryInput.Axes(Vary)).Items, prompt)) return;
        foreach (ManifestItem cell in cells)
        {
            var request = new ImageRequest { Prompt = cell.Prompt! };
            foreach (RequestOption option in RequestOptionTable.All.Where(option => option.Of(cell) is not null))
            {
                request = option.Copy(cell, request);
            }
            Draw(request, cell.Name);
        }
    }

    // A row's own name is the first part of the names of its cells.
    private KeyValuePair<string, object?>[] Cells(string prompt) =>
        Row?.Stem is { } name ? [new("name", name), new("prompt", prompt)] : [new("prompt", prompt)];

    private void Draw(ImageRequest request, string? stem)
    {
        if (TransparentBackground && !Try(() => request = WithKeyColor(request), request.Prompt)) return;
        Send(request, stem);
    }

    /// <inheritdoc/>
    internal override bool IsSource => TransparentBackground;

    /// <inheritdoc/>
    private protected override void Check(SaveTarget place)
    {
        base.Check(place);
        if (!TransparentBackground || place.File is not { } file) return;
        string extension = Path.GetExtension(file);
        if (ImageFile.HasImageExtension(file) && !IsTransparent(extension))
        {
            throw FileErrors.UnsupportedExtension(file, extension, ".png or .webp");
        }
    }

    private static bool IsTransparent(string extension) => extension.ToLowerInvariant() is ".png" or ".webp";

    /// <inheritdoc/>
    internal override NbImage Finish(NbImage image, SaveTarget place)
    {
        if (!TransparentBackground || image is NbText) return image;
        NbImage result = image;
        // An image whose background cannot be removed is emitted as the model drew it: it was paid for.
        Try(() =>
        {
            IImaging imaging = ImagingExtension.Current.Value;
            bool isWebp = Path.GetExtension(place.File)?.ToLowerInvariant() == ".webp";
            var options = new KeyOptions(Format: isWebp ? "webp" : "png");
            KeyedPicture keyed =
                Await(Task.Run(() => imaging.KeyOut(image.ToSource(), options, Stopped), Stopped));
            if (RemoveNbBackgroundCommand.Doubt(keyed) is { } doubt) Warn($"{image}: {doubt}");
            NbImage made = RemoveNbBackgroundCommand.Result(image, keyed, "New-NbImage -TransparentBackground");
            NbImage saved = place.Save(made);
            WarnOfNew(saved, made);
            // In the pipeline it replaces its source and carries the source's cost. On disk both are saved, and only
            // the source carries the cost.
            result = saved with
            {
                Provenance = saved.Provenance! with { Cost = image.Cost, Usage = image.Usage },
            };
        }, image);
        return result;
    }

    // The references are resolved here, so that they are not read again when sent.
    private ImageRequest WithKeyColor(ImageRequest request)
    {
        request = request with { Anchors = Given.Anchors(), References = Given.References() };
        IEnumerable<PictureSource> pictures = request.Anchors.SelectMany(anchor => anchor.Pictures)
            .Select(picture => picture.ToSource())
            .Concat(request.References.Where(reference => reference.Picture.IsImage)
                .Select(reference => reference.Picture.ToSource(reference.ToString())));
        string words = string.Join(' ', request.Anchors.Select(anchor => anchor.Description).Prepend(request.Prompt));
        KeyColor color = KeyColor.For(words,
            [.. pictures.Select(picture => ImagingExtension.Current.Value.Raster(picture, 96, 96))]);
        return request with { PromptSuffix = color.Request };
    }
}
