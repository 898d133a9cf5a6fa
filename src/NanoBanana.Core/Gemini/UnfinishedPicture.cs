using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Gemini;

/// <summary>A picture whose part of the answer had not come to its end.</summary>
/// <param name="Data">Its bytes, as far as they came.</param>
/// <param name="HasEnded">Whether they came to the end of their field.</param>
/// <param name="IsThought">Whether it is a draft among the model's thoughts, as far as was read.</param>
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
            // The file lies in the temporary folder, which is cleaned up.
        }
    }
}
