using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.PowerShell.Completion;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Draws a character from several sides, one image a view, each with the earlier views to look at.</summary>
[Cmdlet(VerbsCommon.New, "NbCharacterSheet", SupportsShouldProcess = true)]
[OutputType(typeof(NbImage))]
public sealed class NewNbCharacterSheetCommand : ImageCmdlet
{
    private CharacterSheet? _sheet;
    private string _view = "";

    /// <summary>The character. With -Anchor, whose first anchor is the character, what to add to it: clothing,
    /// expression.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? Prompt { get; set; }

    /// <summary>The views, in the order they are made: front, side, back, three-quarter, or your own descriptions. All
    /// four when left out.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(ViewCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? View { get; set; }

    /// <summary>Makes the sheet an anchor of this name when it is done; in the library with -Library, else in the
    /// session.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AnchorCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SetAnchor { get; set; }

    /// <summary>The new anchor's fixed words; the character's description when left out.</summary>
    [Parameter]
    public string? Description { get; set; }

    // The first view of a character without pictures has nothing to be compared with.
    internal override bool MayBeAlone => true;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ImmutableArray<Anchor> anchors = [];
        bool started = Try(
            () =>
            {
                anchors = Given.Anchors();
                _sheet = CharacterSheet.Of(SetAnchor, anchors.FirstOrDefault(), Prompt);
                if (SetAnchor is not null) Requests.Anchor.CheckName(SetAnchor);
            },
            Prompt);
        if (!started) return;

        ImmutableArray<Anchor> others = [.. anchors.Skip(1)];
        ModelInfo? model = OpenConnection.Catalog.Find(Model ?? OpenConnection.DefaultModel);
        IReadOnlyList<string> views = View ?? Service.Composer.SheetViews;
        Expected = (Expected ?? 0) + views.Count;
        foreach (string view in views)
        {
            // The next view uses this one as a reference, so views are made one after the other.
            Input = _view = view;
            ImageRequest? request = null;
            if (Try(() => request = _sheet!.Request(view, Service.Composer, model, others), view))
            {
                Send(request!, _sheet!.StemFor(view));
            }
            EmitAll();
        }
        if (SetAnchor is not null && !_sheet!.Views.IsEmpty
            && Confirmation.Approves(this, SetAnchor, "Set anchor", Force))
        {
            Try(Keep, SetAnchor);
        }
    }

    /// <inheritdoc/>
    internal override NbImage Finish(NbImage image, SaveTarget place)
    {
        if (image is not NbText) _sheet = _sheet!.With(_view, image);
        return image;
    }

    private void Keep() => Shelf.Set(_sheet!.ToAnchor(Description));
}
