using System.Collections.Immutable;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>Where the images of a request are saved: in a file, in a folder, or not at all.</summary>
/// <param name="File">Full path; null for a name made of the prompt.</param>
/// <param name="Folder">Full path of the folder; null, without a file, for memory alone.</param>
/// <param name="Force">Whether an existing file may be replaced.</param>
/// <param name="Session">Files that the command itself has saved, which force does not replace.</param>
public sealed record SaveTarget(string? File, string? Folder, bool Force, SaveSession Session)
{
    /// <summary>Full path; null for a name made of the prompt. An existing name in the other Unicode form means the
    /// same file.</summary>
    public string? File { get; init; } = File is null ? null : SameName.Existing(File);

    /// <summary>Full path of the folder; null, without a file, for memory alone.</summary>
    public string? Folder { get; init; } = Folder is null ? null : SameName.Existing(Folder);

    /// <summary>The name of a file in the folder, without extension; null for one made of the prompt.</summary>
    public string? Stem { get; init; }

    /// <summary>Suffix of the names of later tries.</summary>
    internal string Suffix { get; init; } = "";

    /// <summary>Full path of the folder it is in; null for memory.</summary>
    internal string? Holder => File is null ? Folder : Path.GetDirectoryName(File);

    /// <summary>Where the bytes go as they arrive.</summary>
    public BlobSink Sink => Holder is { } folder ? BlobSink.Files(new BlobStore(folder)) : BlobSink.Memory;

    /// <summary>Checks, before anything is paid for, whether images can be saved here.</summary>
    /// <exception cref="NbException">They cannot.</exception>
    public void Check()
    {
        if ((File ?? (Folder is null ? null : Path.Combine(Folder, "image.jpg"))) is not { } path) return;
        CheckName();
        if (Session.Refusal is { } refusal) throw ImageErrors.HeldBack(refusal);
        ImageFile.CheckWritable(path);
    }

    /// <summary>Refuses a file named in a table that is outside a folder, directly or through a link.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="NbException">It does.</exception>
    public void DemandInside(string folder)
    {
        if (File is not null) Inside.Check(folder, File);
    }

    /// <summary>Checks whether its file may have the name asked for. Writes nothing.</summary>
    /// <param name="format">The format to save; null if unknown.</param>
    /// <exception cref="NbException">The extension is of a format that is not written, or the name is
    /// taken.</exception>
    public void CheckName(PictureFormat? format = null)
    {
        if (File is not null) AskedName.Check(File, Force, Session, format);
    }

    /// <summary>Saves an image. A warning reports a name that is not the one asked for.</summary>
    /// <exception cref="NbException">It cannot be saved here; an unsaved image was then rescued, and the error says
    /// where it is.</exception>
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

    /// <summary>Saves an image that will not be emitted: in its place, otherwise in the user's folder of rescued
    /// images.</summary>
    /// <returns>Full path of the file; null when it could not be saved.</returns>
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
    /// <returns>The images after saving, and the errors of those that could not be saved.</returns>
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
        // A picture saved beside it has its own name.
        return Suffix.Length > 0 ? saved : AskedName.WithNote(saved, file, Session);
    }

    private string StemOf(NbImage image) =>
        Path.GetFileNameWithoutExtension(File) is { Length: > 0 } name ? name : Stem ?? ImageFile.StemFor(image);
}
