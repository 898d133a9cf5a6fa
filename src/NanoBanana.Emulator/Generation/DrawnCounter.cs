using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Generation;

/// <summary>Counts how often a picture was asked for, so that no picture is given twice.</summary>
internal sealed class DrawnCounter
{
    private readonly ConcurrentDictionary<ulong, int> _drawn = new();

    /// <summary>The picture as it is when it was made so many times before.</summary>
    public EmulatorPicture Next(EmulatorPicture picture, string model, PixelSize size)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{model} {size.Width}x{size.Height} {picture.ToText()}"));
        int count = _drawn.AddOrUpdate(BinaryPrimitives.ReadUInt64LittleEndian(hash), 0, (_, former) => former + 1);
        return count == 0 ? picture : PictureComposer.Varied(picture, (ulong)count);
    }
}
