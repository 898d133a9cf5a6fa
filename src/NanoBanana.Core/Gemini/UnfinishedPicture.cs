using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>A picture whose part of the answer is incomplete.</summary>
/// <param name="Data">The bytes received so far.</param>
/// <param name="HasEnded">Whether the bytes are complete.</param>
/// <param name="IsThought">Whether it is a draft in the model's thoughts, as far as is known.</param>
internal sealed record UnfinishedPicture(Blob Data, bool HasEnded, bool IsThought)
{
    /// <summary>Whether none of its bytes is missing.</summary>
    public bool IsWhole => HasEnded || PictureEnd.IsReached(Data, isShortened: true);

    /// <summary>Discards the bytes.</summary>
    public void Delete()
    {
        try
        {
            if (Data is FileBlob file) File.Delete(file.Path);
        }
        catch (Exception e) when (Disk.IsRefusal(e))
        {
            // Ignored: the temporary folder is cleaned up later.
        }
    }
}
