using System.Buffers.Binary;

namespace NanoBanana.Emulator.Drawing;

/// <summary>
/// The pseudo-random generator splitmix64 (Steele, Lea, Flood 2014): the same bytes from a seed on every machine. Not
/// for secrets.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public void Fill(Span<byte> target)
    {
        while (target.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, Next());
            target = target[8..];
        }

        if (target.Length > 0)
        {
            Span<byte> last = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(last, Next());
            last[..target.Length].CopyTo(target);
        }
    }
}
