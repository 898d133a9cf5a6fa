using Microsoft.Extensions.AI;
using NanoBanana.Generation;

namespace NanoBanana.Extensions.AI;

/// <summary>Adapts this library's service to Microsoft.Extensions.AI.</summary>
public static class ImageServiceExtensions
{
    /// <summary>The service as an image generator.</summary>
    /// <param name="service">The service; it stays the caller's to dispose.</param>
    /// <param name="options">What the generator keeps to; null for the defaults.</param>
    public static IImageGenerator AsImageGenerator(
        this ImageService service, NbImageGeneratorOptions? options = null) =>
        new NbImageGenerator(service, options ?? new NbImageGeneratorOptions());
}
