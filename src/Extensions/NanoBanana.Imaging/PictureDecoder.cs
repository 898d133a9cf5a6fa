using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using ImageInfo = SixLabors.ImageSharp.ImageInfo;

namespace NanoBanana.Imaging;

/// <summary>Decodes pictures that may come from anybody: few formats, one frame, 8 bits a channel, bounded size.</summary>
internal sealed class PictureDecoder
{
    private static readonly Configuration Bounded = new(
        new PngConfigurationModule(), new JpegConfigurationModule(), new WebpConfigurationModule(), new GifConfigurationModule())
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 1024, MaximumPoolSizeMegabytes = 64 }),
    };

    private long _count;

    /// <summary>How many pictures were decoded.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Decodes a picture, upright, without its metadata except the colour profile.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="fit">A size it may be scaled down to while it is decoded; null to keep every pixel.</param>
    /// <exception cref="NbException">It is too large, damaged, cut short or of another format.</exception>
    public Image<Rgba32> Decode(PictureSource source, Size? fit = null)
    {
        using MemoryStream stream = ReadWhole(source);
        ReadOnlySpan<byte> bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        ImageFormat? format = ImageFormat.Detect(bytes[..Math.Min(bytes.Length, ImageFormat.HeadLength)]);
        if (format is null || format == ImageFormat.Heic || format == ImageFormat.Heif) throw NbErrors.PictureUnsupported(source.Name);
        if (PictureEnd.IsMissing(bytes, format)) throw NbErrors.PictureDamaged(source.Name, "it ends before its end.");
        try
        {
            var options = new DecoderOptions { Configuration = Bounded, MaxFrames = 1 };
            ImageInfo info = Image.Identify(options, stream);
            CheckSize(source.Name, info.Width, info.Height);
            stream.Position = 0;
            bool shrink = fit is { } size && (info.Width > size.Width || info.Height > size.Height);
            Interlocked.Increment(ref _count);
            Image<Rgba32> image = Image.Load<Rgba32>(
                shrink ? new DecoderOptions { Configuration = Bounded, MaxFrames = 1, TargetSize = fit } : options, stream);
            image.Mutate(edit => edit.AutoOrient());
            image.Metadata.ExifProfile = null;
            image.Metadata.XmpProfile = null;
            image.Metadata.IptcProfile = null;
            return image;
        }
        catch (InvalidMemoryOperationException e)
        {
            throw NbErrors.PictureDamaged(source.Name, "it asks for more memory than a picture may.", e);
        }
        catch (Exception e) when (e is UnknownImageFormatException or NotSupportedException)
        {
            throw NbErrors.PictureUnsupported(source.Name, e);
        }
        catch (Exception e) when (e is ImageFormatException or ImageProcessingException or IndexOutOfRangeException or ArgumentException
            or OverflowException or InvalidOperationException or NullReferenceException or DivideByZeroException or IOException)
        {
            // A decoder fed with nonsense fails in many ways; all mean the same here.
            throw NbErrors.PictureDamaged(source.Name, e.GetBaseException().Message, e);
        }
    }

    /// <summary>Refuses a size that is too large.</summary>
    public static void CheckSize(string name, long width, long height)
    {
        if (width > PictureLimits.Side || height > PictureLimits.Side || width * height > PictureLimits.Pixels)
        {
            throw NbErrors.PictureTooLarge(name, width, height);
        }
    }

    // The length is not taken on trust: a file may grow while it is read.
    private static MemoryStream ReadWhole(PictureSource source)
    {
        if (source.Length > PictureLimits.FileLength) throw NbErrors.PictureFileTooLong(source.Name, source.Length, PictureLimits.FileLength);
        using Stream from = source.Open();
        var whole = new MemoryStream((int)source.Length);
        byte[] buffer = new byte[81920];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > PictureLimits.FileLength) throw NbErrors.PictureFileTooLong(source.Name, whole.Length, PictureLimits.FileLength);
        }
        whole.Position = 0;
        return whole;
    }
}
