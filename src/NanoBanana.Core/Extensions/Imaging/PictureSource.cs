namespace NanoBanana.Extensions.Imaging;

/// <summary>A picture to read.</summary>
/// <param name="Name">Its name in errors: path or short hash.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Open">Opens the bytes from the start; the reader disposes the stream.</param>
public sealed record PictureSource(string Name, long Length, Func<Stream> Open);
