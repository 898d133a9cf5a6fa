using System.Collections.Concurrent;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Files;

/// <summary>Pictures that answers only link to: the newest of them can be fetched.</summary>
internal sealed class LinkedPictures
{
    public const string Path = "/emulator/pictures/";
    private const int MostKept = 64;
    private readonly ConcurrentQueue<(string Name, string MimeType, byte[] Bytes)> _pictures = new();

    /// <returns>The path under which it is served.</returns>
    public string Add(byte[] picture, string mimeType)
    {
        string name = NameMaker.Create(16) + (mimeType == "image/png" ? ".png" : ".jpg");
        _pictures.Enqueue((name, mimeType, picture));
        while (_pictures.Count > MostKept) _pictures.TryDequeue(out _);
        return Path + name;
    }

    public (string MimeType, byte[] Bytes)? Find(string path) =>
        _pictures.Where(picture => Path + picture.Name == path)
            .Select(picture => ((string, byte[])?)(picture.MimeType, picture.Bytes)).FirstOrDefault();
}
