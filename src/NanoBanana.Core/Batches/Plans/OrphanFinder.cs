using NanoBanana.Batches.Ledgers;
using NanoBanana.Generation;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>Finds the picture of an item whose ledger was lost: its sidecar tells what went into it.</summary>
/// <param name="destination">Full path of the batch's folder.</param>
/// <param name="service">The service, for computing item keys.</param>
/// <param name="records">The records of the ledger.</param>
internal sealed class OrphanFinder(string destination, ImageService service, IEnumerable<ItemRecord> records)
{
    private readonly HashSet<string> _known = [.. records.Select(record => record.Saved?.File).OfType<string>()
        .Select(file => Inside.Find(destination, file)).OfType<string>()];

    /// <summary>The intact picture in an item's place, if it was made from the item's request; otherwise
    /// null.</summary>
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
                // A damaged file does not count.
            }
        }
        return null;
    }

    private string RequestHashOf(BatchNode node) => node.Source is not { } source ? node.Prepared.RequestHash
        : service.Prepare(node.Request with { Source = source.Image ?? ImageFile.Import(source.Path!) }).RequestHash;
}
