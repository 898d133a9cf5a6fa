using NanoBanana.Batches.Ledgers;
using NanoBanana.Batches.Plans;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Runs;

/// <summary>Moves pictures that are up to date to the places in the current manifest, instead of paying for them
/// again.</summary>
internal sealed class Relocation(BatchRun run)
{
    /// <summary>Moves every picture that is not in its place; edited pictures stay where they are.</summary>
    /// <exception cref="NbException">The destination cannot be written.</exception>
    public void MoveAll()
    {
        var waiting =
            new List<BatchNode>(run.Nodes.Where(node =>
            node is { State: BatchItemState.UpToDate, Picture: PictureState.Intact }));
        waiting.RemoveAll(IsSettled);
        while (waiting.Count > 0)
        {
            // If the place is about to become free, the move waits; in a circle, the first picture moves to a temporary
            // place.
            BatchNode node = waiting.FirstOrDefault(node => !IsInTheWay(node)) ?? waiting[0];
            string from = node.Path!;
            if (!TryMove(node) || node.Path == from || (IsSettled(node) && !IsInTheWay(node))) waiting.Remove(node);
        }

        bool IsInTheWay(BatchNode node) => waiting.Any(other => other != node && other.Path == TargetOf(node));
    }

    private bool IsSettled(BatchNode node)
    {
        // A renamed item: the picture is recorded under the new name first.
        if (node.Record?.Saved?.Item != node.Name) return false;
        string target = TargetOf(node);
        if (SamePath(node.Path!, target)) return true;
        // Numbered, because a foreign file has the name.
        (string stem, string wanted) = (Path.ChangeExtension(node.Path!, null), Path.ChangeExtension(target, null));
        return stem.StartsWith(wanted + "-", StringComparison.Ordinal)
            && stem.AsSpan(wanted.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0
            && File.Exists(target);
    }

    private bool TryMove(BatchNode node)
    {
        string from = node.Path!, target = TargetOf(node);
        bool isShared = run.Nodes.Any(other => other != node && other.HasImage && other.Path == from);
        NbImage image;
        try
        {
            image = ImageFile.Import(from);
        }
        catch (NbException)
        {
            // Its conversation cannot be read, so the picture stays where it is rather than lose it.
            return false;
        }
        NbImage moved = SamePath(from, target) && !isShared ? image : CopyLeftBehind(node, target)
            ?? ImageFile.Save(image, target);
        LedgerEvent line = run.Saver.SavedLine(node, moved, node.ItemKey, node.Record!.Saved!.Mode ?? BatchMode.Live);
        run.Log(line);
        node.Record.Add(line);
        node.MoveTo(moved.Path);
        // Removed only after the new place is recorded.
        if (!isShared && node.Path != from) Remove(from);
        return true;
    }

    // An earlier run crashed after it copied the picture and before it wrote the line.
    private NbImage? CopyLeftBehind(BatchNode node, string target)
    {
        bool isFree = File.Exists(Sidecar.PathFor(target)) && !run.Nodes.Any(other => other.Path == target);
        return isFree && File.Exists(target)
            && Blob.FromFile(target).Sha256 == node.Sha256 ? ImageFile.Import(target) : null;
    }

    private string TargetOf(BatchNode node) =>
        Path.GetFullPath(Path.Combine(run.Destination, node.Stem)) + Path.GetExtension(node.Path);

    private static bool SamePath(string a, string b) =>
        string.Equals(a, b, OperatingSystem.IsWindows()
            || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static void Remove(string picture)
    {
        try
        {
            File.Delete(picture);
            File.Delete(Sidecar.PathFor(picture));
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // An extra copy does no harm.
        }
    }
}
