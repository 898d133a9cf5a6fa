using NanoBanana.Batches.Ledgers;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>Finds the picture of an item that no ledger knows, because that was lost: its sidecar says what went into
/// it.</summary>
/// <param name="destination">Full path of the batch's folder.</param>
/// <param name="service">Tells what goes into an item.</param>
/// <param name="records">What the ledger does know.</param>
internal sealed class OrphanFinder(string destination, ImageService service, IEnumerable<ItemRecord> records)
{
    private readonly HashSet<string> _known = [.. records.Select(record => record.Saved?.File).OfType<string>()
        .Select(file => Inside.Find(destination, file)).OfType<string>()];

    /// <summary>The picture that lies in an item's place, whole, and made of what the item asks for; null when there is
    /// none.</summary>
    public NbImage? Find(BatchNode node)
    {
        string stem = Path.GetFullPath(Path.Combine(destination, node.Stem));
        foreach (string picture in PictureFormat.All.Append(PictureFormat.Words)
            .Select(format => stem + format.Extension))
        {
            if (_known.Contains(picture) || Inside.LeadsOut(destination, picture)
                || !File.Exists(Sidecar.PathFor(picture)) || !File.Exists(picture))
            {
                continue;
            }
            try
            {
                NbImage image = ImageFile.Import(picture);
                if (image.Provenance is { IsRehearsal: true } && !service.IsOffline) continue;
                if (image.Sha256 == image.RecordedSha256 && image.RequestHash == RequestHashOf(node)) return image;
            }
            catch (NbException)
            {
                // A damaged file is not the picture that is looked for.
            }
        }
        return null;
    }

    private string RequestHashOf(BatchNode node) => node.Source is not { } source ? node.Prepared.RequestHash
        : service.Prepare(node.Request with { Source = source.Image ?? ImageFile.Import(source.Path!) }).RequestHash;
}
