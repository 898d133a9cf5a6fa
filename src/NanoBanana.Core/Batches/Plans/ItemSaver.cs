using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>Saves pictures of items, and finds pictures that a crash left without a line in the ledger.</summary>
/// <param name="destination">Full path of the batch's folder.</param>
/// <param name="isRehearsal">Whether the emulator answers in place of the service.</param>
internal sealed class ItemSaver(string destination, bool isRehearsal = false)
{
    /// <summary>Prefix of files that hold an answer until it is saved. They are paid for, so cleaning up leaves
    /// them.</summary>
    public const string StagedPrefix = "received-";

    /// <summary>The id of the answer that an image came with.</summary>
    public static string AnswerOf(NbImage image) =>
        image.ResponseId ?? (image is NbText ? Provenance.Naming(image.CreatedAt) : null) ?? image.Sha256;

    /// <summary>Creates the folder for an item's picture.</summary>
    /// <exception cref="NbException">It cannot be made.</exception>
    public void MakeRoom(BatchNode node)
    {
        string folder = FolderOf(node);
        try
        {
            Disk.CreateFolder(new BlobStore(folder).TemporaryFolder);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(folder, e);
        }
    }

    /// <summary>Receives an answer's bytes in a file, so that saving is only a rename.</summary>
    /// <param name="node">The item.</param>
    /// <param name="requestHash">Hash of the request, when the answer cannot be fetched again; null when it
    /// can.</param>
    public BlobSink SinkOf(BatchNode node, string? requestHash = null) => BlobSink.Files(
        new BlobStore(FolderOf(node)),
        requestHash is null ? null : ArrivedPart.NameOf(node.Name, requestHash, isRehearsal));

    /// <summary>Writes an image and its sidecar to temporary files beside its place, so that from here on no crash can
    /// lose it.</summary>
    /// <exception cref="NbException">The disk cannot be written.</exception>
    public NbImage Stage(BatchNode node, NbImage image)
    {
        var store = new BlobStore(FolderOf(node));
        string staged = StagedPath(store, node, image.Sha256);
        // Files are renamed at once, which survives the end of this process, and flushed afterwards.
        var later = new FlushSet();
        try
        {
            foreach (Blob blob in image.Conversation?.Blobs ?? [])
            {
                if (blob.Sha256 != image.Sha256) store.Put(blob, later);
            }
            // The sidecar comes first: it identifies the arrived picture by its hash, whatever its file name is.
            NbImage named = image with { Path = TargetOf(node) + image.Format.Extension };
            AtomicFile.Write(Sidecar.PathFor(staged), store.TemporaryFolder, overwrite: true, stream =>
                Sidecar.Write(stream, named), later);
            if (image.Data is FileBlob file && Path.GetDirectoryName(file.Path) == store.TemporaryFolder)
            {
                // The conversation shares this blob, so its path follows.
                file.MoveTo(staged, overwrite: true, later);
            }
            else
            {
                AtomicFile.Write(staged, store.TemporaryFolder, overwrite: true, image.Data.CopyTo, later);
                image = image with { Data = Blob.FromFile(staged, image.Sha256) };
            }
            later.Flush();
            (image.Data as FileBlob)?.MarkOnDisk();
            return image;
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(staged, e);
        }
    }

    /// <summary>Saves the images of one answer; the last one is the item's picture and is staged already.</summary>
    /// <param name="node">The item.</param>
    /// <param name="images">The images.</param>
    /// <param name="suffix">Suffix of the file name.</param>
    /// <exception cref="NbException">The disk cannot be written.</exception>
    public NbImage Save(BatchNode node, ImmutableArray<NbImage> images, string suffix = "")
    {
        NbImage result = images[^1];
        string target = TargetOf(node) + suffix + result.Format.Extension;
        SetAside(node, target);
        // Picture and sidecar move into place.
        string? staged = result.Data is FileBlob file && IsStaged(file.Path) ? Sidecar.PathFor(file.Path) : null;
        var session = new SaveSession();
        NbImage saved = ImageFile.Save(result, target, force: false, session, File.Exists(staged) ? staged : null);
        // The other images are paid for too, so they are saved beside it with numbers.
        foreach (NbImage other in images[..^1]) ImageFile.Save(other, target, force: false, session);
        return suffix.Length > 0 ? saved : AskedName.WithNote(saved, NameOf(node, target), session);
    }

    /// <summary>Finds the picture of a request sent by an earlier process, when it was saved but the ledger has no line
    /// of it.</summary>
    /// <param name="node">The item.</param>
    /// <param name="submitted">The line of its submission.</param>
    /// <param name="recorded">Full paths of all pictures in the ledger, of any item.</param>
    public NbImage? FindSaved(BatchNode node, LedgerEvent submitted, IReadOnlySet<string> recorded)
    {
        if (submitted.RequestHash is null || Inside.Find(destination, node.Stem) is not { } target) return null;
        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) return null;
        return FinishStaged(node, submitted, recorded)
            ?? Find(folder, Path.GetFileName(target), submitted, recorded)
            // A staged file is complete with its conversation; an arrived part is only the picture.
            ?? RecoverRescued(node, Path.GetFileName(target), submitted)
            ?? FinishArrived(node, submitted);
    }

    /// <summary>Makes the line of a saved picture.</summary>
    /// <param name="node">The item.</param>
    /// <param name="saved">The picture.</param>
    /// <param name="key">Hash of what went into it.</param>
    /// <param name="mode">How it was made.</param>
    /// <param name="number">Number of its try; null when there is only one.</param>
    /// <param name="rule">Hash of how it was composed; null for a model's own picture.</param>
    public LedgerEvent SavedLine(BatchNode node, NbImage saved, string? key, BatchMode mode, int? number = null,
        string? rule = null)
    {
        var file = new FileInfo(saved.Path!);
        return new LedgerEvent
        {
            Kind = LedgerEventKind.Saved,
            Item = node.Name,
            ItemKey = key,
            RequestHash = saved.RequestHash,
            Model = saved.Model,
            Mode = mode,
            Try = number,
            Rule = rule,
            File = Path.GetRelativePath(destination, saved.Path!).Replace('\\', '/'),
            Sha256 = saved.Sha256,
            Length = file.Length,
            Modified = file.LastWriteTimeUtc,
        };
    }

    // Handles a crash after the answer was staged: before the picture was put in its place, or before its sidecar
    // followed.
    private NbImage? FinishStaged(BatchNode node, LedgerEvent submitted, IReadOnlySet<string> recorded)
    {
        var store = new BlobStore(FolderOf(node));
        if (!Directory.Exists(store.TemporaryFolder)) return null;
        string own = Suffix(node);
        // The item's own file comes first, so that several equal requests each find a picture.
        foreach (string sidecar in Directory.GetFiles(store.TemporaryFolder, StagedPrefix + "*" + Sidecar.Extension)
            .OrderBy(sidecar => !sidecar.EndsWith(own + Sidecar.Extension, StringComparison.Ordinal)))
        {
            string staged = sidecar[..^Sidecar.Extension.Length];
            string sha256 = Path.GetFileName(staged)[StagedPrefix.Length..].Split('-')[0];
            try
            {
                string? picture = File.Exists(staged) ? staged
                    : Directory.GetFiles(FolderOf(node), Path.GetFileName(TargetOf(node)) + "*").FirstOrDefault(path =>
                        !recorded.Contains(path) && !File.Exists(Sidecar.PathFor(path))
                            && Blob.FromFile(path).Sha256 == sha256);
                // The process was killed before the rename, so the picture is in the temporary folder.
                bool isStaged = picture == staged;
                picture ??= Directory.GetFiles(store.TemporaryFolder).FirstOrDefault(path =>
                    !IsStaged(path) && Blob.FromFile(path).Sha256 == sha256);
                if (picture is null) continue;
                isStaged |= Path.GetDirectoryName(picture) == store.TemporaryFolder;
                NbImage image = Sidecar.Read(
                    sidecar, ImageFile.WithoutHistory(Blob.FromFile(picture, sha256), picture, sidecar), store);
                if (!IsAnswerTo(submitted, image)) continue;
                if (isStaged)
                {
                    // Uses the same blob as the conversation, so that both follow when it moves.
                    Blob same = image.Conversation?.Blobs.FirstOrDefault(blob => blob.Sha256 == sha256) ?? image.Data;
                    NbImage saved = Save(node, [image with { Data = same }], SuffixOf(node, submitted.Try));
                    Disk.Delete(sidecar);
                    return saved;
                }
                Disk.FlushFile(picture);
                Disk.FlushFile(sidecar);
                Disk.Move(sidecar, Sidecar.PathFor(picture), overwrite: false);
                Disk.FlushFolder(Path.GetDirectoryName(picture)!);
                return image;
            }
            catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
            {
                // A damaged file is not the picture that is looked for.
            }
        }
        return null;
    }

    // Handles a crash before the whole answer was read: the picture is complete, but the rest of the answer is lost.
    private NbImage? FinishArrived(BatchNode node, LedgerEvent submitted)
    {
        ImmutableArray<NbImage> images = ArrivedPart.Find(new BlobStore(FolderOf(node)), node, submitted, isRehearsal);
        try
        {
            return images.IsEmpty ? null : Save(node, images, SuffixOf(node, submitted.Try));
        }
        catch (NbException)
        {
            // It cannot be saved now, so it stays where it is.
            return null;
        }
    }

    private bool IsAnswerTo(LedgerEvent submitted, NbImage image) =>
        image.Provenance is { IsRehearsal: true } == isRehearsal
        && image.RequestHash == submitted.RequestHash && image.CreatedAt >= submitted.At;

    private NbImage? Find(string folder, string stem, LedgerEvent submitted, IReadOnlySet<string> recorded)
    {
        foreach (string sidecar in Directory.GetFiles(folder, "*" + Sidecar.Extension))
        {
            string picture = sidecar[..^Sidecar.Extension.Length];
            bool fits = Path.GetFileName(picture).StartsWith(stem, StringComparison.OrdinalIgnoreCase);
            if (!fits || recorded.Contains(picture)) continue;
            try
            {
                NbImage image = ImageFile.Import(picture);
                if (IsAnswerTo(submitted, image)) return image;
            }
            catch (NbException)
            {
                // A damaged file is not the picture that is looked for.
            }
        }
        return null;
    }

    // The picture could not be saved when it arrived; the folder may have room now.
    private NbImage? RecoverRescued(BatchNode node, string stem, LedgerEvent submitted)
    {
        NbImage? rescued = ImageRescue.Existing
            .Select(folder => Find(folder, stem, submitted, ImmutableHashSet<string>.Empty))
            .FirstOrDefault(image => image is not null);
        try
        {
            return rescued is null ? null : Save(node, [rescued], SuffixOf(node, submitted.Try));
        }
        catch (NbException)
        {
            // There is still no room, so it stays where it is.
            return null;
        }
    }

    // Several requests may be answered with equal bytes, so the hash alone does not identify an answer.
    private static string StagedPath(BlobStore store, BatchNode node, string sha256) =>
        Path.Combine(store.TemporaryFolder, StagedPrefix + sha256 + Suffix(node));

    private static string Suffix(BatchNode node) => "-" + ArrivedPart.ShortHash(node.Name);

    private static bool IsStaged(string path) =>
        Path.GetFileName(path).StartsWith(StagedPrefix, StringComparison.Ordinal);

    // Uses the manifest's extension, if it has one.
    private static string NameOf(BatchNode node, string target) =>
        Path.GetExtension(node.Item.OutFile) is { Length: > 0 } asked && PictureFormat.OfExtension(asked) is not null
            ? Path.ChangeExtension(target, asked) : target;

    /// <summary>Suffix of the file name of the model's own picture.</summary>
    /// <param name="node">The item.</param>
    /// <param name="number">Number of the try; null for the only one.</param>
    public static string SuffixOf(BatchNode node, int? number) =>
        TryFiles.Suffix(number ?? 1) + (node.Protection is null ? "" : TryFiles.OfModel);

    /// <summary>Full path of an item's file, without extension.</summary>
    /// <exception cref="NbException">A link leads out of the folder.</exception>
    public string TargetOf(BatchNode node)
    {
        string target = Path.GetFullPath(Path.Combine(destination, node.Stem));
        // A folder of the path may have become a link.
        Inside.Check(destination, target);
        return target;
    }

    private string FolderOf(BatchNode node) => Path.GetDirectoryName(TargetOf(node))!;

    // An older picture of this item is set aside, because it was paid for. A file that this batch did not make, or that
    // was edited, is left alone: the new file gets a number.
    private void SetAside(BatchNode node, string target)
    {
        // All tries at the same picture are kept.
        LedgerEvent[] present = [.. node.Series.Files];
        LedgerEvent? own = node.Record?.Saved ?? node.Rehearsed;
        bool isKept = node.Picture == PictureState.Retouched && !node.IsReplaced;
        foreach (LedgerEvent saved in own is null ? node.Former : node.Former.Prepend(own))
        {
            if (isKept && saved.Sha256 == own!.Sha256) continue;
            if (!present.Any(one => one.File == saved.File || one.Sha256 == saved.Sha256)) SetAside(saved, target);
        }
    }

    private void SetAside(LedgerEvent saved, string target)
    {
        if (Inside.Find(destination, saved.File) is not { } old) return;
        // A rehearsal moves neither a real picture nor a file that replaced a rehearsal's picture.
        if (isRehearsal && !saved.IsRehearsal) return;
        bool isReplaced = !File.Exists(old) || (saved.IsRehearsal && Blob.FromFile(old).Sha256 != saved.Sha256);
        if (!isRehearsal && isReplaced) return;
        if (File.Exists(old) && Path.GetDirectoryName(old) == Path.GetDirectoryName(target)) SetAside(old);
    }

    /// <summary>Sets a picture aside instead of deleting it, because it was paid for.</summary>
    /// <param name="old">Full path of the picture.</param>
    /// <exception cref="NbException">It could not be moved.</exception>
    public static void SetAside(string old)
    {
        try
        {
            string free = StraySidecar.FreeAside(old);
            Disk.Move(old, free, overwrite: false);
            if (File.Exists(Sidecar.PathFor(old)))
            {
                Disk.Move(Sidecar.PathFor(old), Sidecar.PathFor(free), overwrite: true);
            }
            Disk.FlushFolder(Path.GetDirectoryName(free)!);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            throw FileErrors.Unwritable(old, e);
        }
    }
}
