using System.Text;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Images;

/// <summary>A text answer with the conversation that it ends, so that an edit can continue from it.</summary>
/// <remarks>Its bytes are its text, which is saved as a text file; a rebase sends the text along, with the picture that
/// it is about.</remarks>
public sealed record NbText : NbImage
{
    /// <summary>Words without a conversation.</summary>
    internal static NbText Of(string words)
    {
        string plain = SafeText.Plain(words);
        return new NbText
        {
            Data = Blob.FromBytes(Encoding.UTF8.GetBytes(plain)), Format = PictureFormat.Words, Text = plain,
        };
    }

    /// <summary>The words of a file.</summary>
    internal static NbText At(Blob data, string path) =>
        new() { Data = data, Format = PictureFormat.Words, Path = path };

    /// <summary>The path, or the first words while it is not saved.</summary>
    public override string ToString() => Path ?? Readable.Short(Text, 40);
}
