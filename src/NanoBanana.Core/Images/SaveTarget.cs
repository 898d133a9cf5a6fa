using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Where the images of a request are saved: in a file, in a folder, or not at all.</summary>
/// <param name="File">Full path; null for a name made of the prompt.</param>
/// <param name="Folder">Full path of the folder; null, without a file, for memory alone.</param>
/// <param name="Force">Whether what is there may be replaced.</param>
/// <param name="Session">What the command itself has saved, which force does not replace.</param>
public sealed record SaveTarget(string? File, string? Folder, bool Force, SaveSession Session)
{
    /// <summary>Full path; null for a name made of the prompt. What is there in the other form of its letters is
    /// meant.</summary>
    public string? File { get; init; } = File is null ? null : SameName.Existing(File);

    /// <summary>Full path of the folder; null, without a file, for memory alone.</summary>
    public string? Folder { get; init; } = Folder is null ? null : SameName.Existing(Folder);

    /// <summary>The name of a file in the folder, without extension; null for one made of the prompt.</summary>
    public string? Stem { get; init; }

    /// <summary>What follows the name of a try after the first.</summary>
    internal string Suffix { get; init; } = "";

    /// <summary>Full path of the folder it is in; null for memory.</summary>
    internal string? Holder => File is null ? Folder : Path.GetDirectoryName(File);

    /// <summary>Where the bytes go as they arrive.</summary>
    public BlobSink Sink => Holder is { } folder ? BlobSink.Files(new BlobStore(folder)) : BlobSink.Memory;

    /// <summary>Finds out, before anything is paid for, whether images can be saved here.</summary>
    /// <exception cref="NbException">They cannot.</exception>
    public void Check()
    {
        if ((File ?? (Folder is null ? null : Path.Combine(Folder, "image.jpg"))) is not { } path) return;
        CheckName();
        if (Session.Refusal is { } refusal) throw ImageErrors.HeldBack(refusal);
        ImageFile.CheckWritable(path);
    }

    /// <summary>Refuses a file that a table named where it lies outside a folder, by itself or by a link.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="NbException">It does.</exception>
    public void DemandInside(string folder)
    {
        if (File is not null) Inside.Check(folder, File);
    }

    /// <summary>Finds out whether its file may have the name that was asked for. Writes nothing.</summary>
    /// <param name="format">What will be saved; null while unknown.</param>
    /// <exception cref="NbException">The extension is of a format that is not written, or the name is
    /// taken.</exception>
    public void CheckName(PictureFormat? format = null)
    {
        if (File is not null) AskedName.Check(File, Force, Session, format);
    }

    /// <summary>Saves an image. Where its name is not the one that was asked for, its warnings say so.</summary>
    /// <exception cref="NbException">It cannot be saved here; one that no file holds yet was then rescued, and the
    /// error says where it is.</exception>
    public NbImage Save(NbImage image)
    {
        try
        {
            return SaveHere(image);
        }
        catch (NbException e)
        {
            if (image is { Path: null, Conversation: not null }) throw ImageRescue.Save(image, StemOf(image), e);
            throw;
        }
    }

    /// <summary>Saves an image that is not saved yet and will not be emitted: in its place, else in the user's own
    /// folder of rescued images.</summary>
    /// <returns>Full path of the file; null when nothing takes it.</returns>
    public string? Rescue(NbImage image)
    {
        if (Holder is null) return ImageRescue.TrySave(image, StemOf(image));
        try
        {
            return SaveHere(image).Path;
        }
        catch (NbException)
        {
            return ImageRescue.TrySave(image, StemOf(image));
        }
    }

    /// <summary>Saves the images of one answer.</summary>
    /// <returns>The images as they are now, and why some of them could not be saved.</returns>
    internal (ImmutableArray<NbImage> Images, ImmutableArray<NbException> Unsaved) SaveAll(
        ImmutableArray<NbImage> images)
    {
        var kept = ImmutableArray.CreateBuilder<NbImage>(images.Length);
        var unsaved = ImmutableArray.CreateBuilder<NbException>();
        foreach (NbImage image in images)
        {
            try
            {
                kept.Add(Save(image));
            }
            catch (NbException e)
            {
                kept.Add(image);
                unsaved.Add(e);
            }
        }
        return (kept.ToImmutable(), unsaved.ToImmutable());
    }

    private NbImage SaveHere(NbImage image)
    {
        try
        {
            return File is not null ? SaveAs(image, File)
                : Folder is not null ? ImageFile.SaveIn(image, Folder, Force, Session,
                    Suffix.Length == 0 ? Stem : (Stem ?? ImageFile.StemFor(image)) + Suffix)
                : image;
        }
        catch (NbException e) when (e.Kind == NbErrorKind.WriteError)
        {
            Session.Refusal = e;
            throw;
        }
    }

    private NbImage SaveAs(NbImage image, string file)
    {
        string extension = Path.GetExtension(file);
        bool isPicture = PictureFormat.OfExtension(extension) is not null;
        string named = isPicture ? file[..^extension.Length] + Suffix + extension : file + Suffix;
        NbImage saved = ImageFile.Save(image, named, Force, Session);
        // What stands beside the picture has a name of its own.
        return Suffix.Length > 0 ? saved : AskedName.WithNote(saved, file, Session);
    }

    private string StemOf(NbImage image) =>
        Path.GetFileNameWithoutExtension(File) is { Length: > 0 } name ? name : Stem ?? ImageFile.StemFor(image);
}
