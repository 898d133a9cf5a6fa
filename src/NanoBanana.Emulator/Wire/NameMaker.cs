using System.Security.Cryptography;

namespace NanoBanana.Emulator.Wire;

/// <summary>Ids as the service makes them: lower-case letters and digits.</summary>
internal static class NameMaker
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static string Create(int length) => RandomNumberGenerator.GetString(Letters, length);
}
