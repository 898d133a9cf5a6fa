using NanoBanana.Extensions.Imaging;
using NanoBanana.Imaging.Filters;
using NanoBanana.Pictures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.Metadata.Profiles.Icc;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>Decodes pictures that may come from anybody: four formats, one frame, 8 bits a channel, bounded size,
/// memory and time.</summary>
/// <param name="pixels">Pixels that a picture may have.</param>
internal sealed class PictureDecoder(long pixels = PictureLimits.Pixels)
{
    // The library's default configuration, which has decoders for eight formats, is not used.
    private static readonly Configuration Bounded = new(
        new PngConfigurationModule(), new JpegConfigurationModule(), new WebpConfigurationModule(),
            new GifConfigurationModule())
    {
        MemoryAllocator =
            MemoryAllocator.Create(
            new MemoryAllocatorOptions { AllocationLimitMegabytes = 1024, MaximumPoolSizeMegabytes = 64 }),
    };

    private long _count;

    /// <summary>How many pictures were decoded.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Decodes a picture, upright, without its metadata except the color profile.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="NbException">It is too large, damaged, cut short or of another format, or takes too
    /// long.</exception>
    public Image<Rgba32> Decode(PictureSource source, CancellationToken cancellationToken = default)
    {
        (byte[] buffer, int length) = ReadWhole(source);
        Span<byte> bytes = buffer.AsSpan(0, length);
        PictureFormat? format = PictureFormat.Detect(bytes[..Math.Min(bytes.Length, PictureFormat.HeadLength)]);
        if (format is null || DecoderOf(format) is not { } decoder) throw PictureErrors.Unsupported(source.Name);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(PictureLimits.DecodeTime);
        try
        {
            FilteredPicture filtered = PictureFilter.Filter(bytes, format);
            CheckSize(source.Name, filtered.Width, filtered.Height, pixels);
            Interlocked.Increment(ref _count);
            if (format == PictureFormat.Png && PngInterlace.IsInterlaced(bytes))
            {
                buffer = PngInterlace.Removed(bytes[..filtered.Length], stop.Token);
                filtered = filtered with { Length = buffer.Length };
            }
            if (format == PictureFormat.Webp)
            {
                LosslessGroups.Demand(bytes[..filtered.Length], filtered.Width, filtered.Height, stop.Token);
            }
            using var stream = new StoppableStream(buffer, filtered.Length, stop.Token);
            Image<Rgba32> image = decoder.Decode<Rgba32>(Bounded, stream, stop.Token);
            Finish(image, filtered);
            return image;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw PictureErrors.Damaged(source.Name,
                $"after {PictureLimits.DecodeTime.TotalSeconds} s it is not decoded.", e);
        }
        catch (InvalidMemoryOperationException e)
        {
            throw PictureErrors.Damaged(source.Name, "it asks for more memory than a picture may.", e);
        }
        catch (Exception e) when (e is UnknownImageFormatException or NotSupportedException)
        {
            throw PictureErrors.Unsupported(source.Name, e);
        }
        catch (Exception e)
            when (e is ImageFormatException or ImageProcessingException or InvalidDataException
            or IndexOutOfRangeException
            or ArgumentException or OverflowException or InvalidOperationException or NullReferenceException
                or DivideByZeroException or IOException)
        {
            // A decoder fails on invalid data with many exceptions; all mean a damaged picture.
            throw PictureErrors.Damaged(source.Name, e.GetBaseException().Message, e);
        }
    }

    /// <summary>Refuses a size that is too large.</summary>
    public static void CheckSize(string name, long width, long height, long pixels = PictureLimits.Pixels)
    {
        if (width > PictureLimits.Side || height > PictureLimits.Side || width * height > pixels)
        {
            throw PictureErrors.TooLarge(name, width, height);
        }
        if (width <= 0 || height <= 0) throw PictureErrors.Damaged(name, "it has no pixels.");
    }

    private static IImageDecoder? DecoderOf(PictureFormat format) => format.MimeType switch
    {
        "image/png" => new PngDecoder { IgnoreMetadata = true },
        "image/jpeg" => new JpegDecoder { IgnoreMetadata = true },
        "image/webp" => new WebpDecoder { IgnoreMetadata = true },
        "image/gif" => new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        _ => null,
    };

    private static void Finish(Image<Rgba32> image, FilteredPicture filtered)
    {
        if (filtered.Orientation != 1)
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, filtered.Orientation);
            image.Mutate(edit => edit.AutoOrient());
        }
        image.Metadata.ExifProfile = null;
        if (filtered.Profile is { } bytes && new IccProfile(bytes) is var profile && profile.CheckIsValid())
        {
            image.Metadata.IccProfile = profile;
        }
    }

    // The length is not trusted, because a file may grow while it is read.
    private static (byte[] Buffer, int Length) ReadWhole(PictureSource source)
    {
        if (source.Length > PictureLimits.FileLength)
        {
            throw PictureErrors.FileTooLong(source.Name, source.Length, PictureLimits.FileLength);
        }
        using Stream from = source.Open();
        using var whole = new MemoryStream((int)source.Length);
        byte[] buffer = new byte[81920];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > PictureLimits.FileLength)
            {
                throw PictureErrors.FileTooLong(source.Name, whole.Length, PictureLimits.FileLength);
            }
        }
        return (whole.GetBuffer(), (int)whole.Length);
    }
}
