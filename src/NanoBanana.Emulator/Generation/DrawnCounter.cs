using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Generation;

/// <summary>Counts how often a picture was requested, so that each answer gets a different picture.</summary>
internal sealed class DrawnCounter
{
    private readonly ConcurrentDictionary<ulong, int> _drawn = new();

    /// <summary>The variation of a picture after the given number of requests.</summary>
    public EmulatorPicture Next(EmulatorPicture picture, string model, PixelSize size)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{model} {size.Width}x{size.Height} {picture.ToText()}"));
        int count = _drawn.AddOrUpdate(BinaryPrimitives.ReadUInt64LittleEndian(hash), 0, (_, former) => former + 1);
        return count == 0 ? picture : PictureComposer.Varied(picture, (ulong)count);
    }
}
