using System.Globalization;

namespace NanoBanana.Bench.Ours;

/// <summary>What Linux says of this process's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>Resident now, in MiB.</summary>
    public static double Resident => Field("VmRSS:");

    /// <summary>The most that was resident since <see cref="ForgetPeak"/>, in MiB.</summary>
    public static double Peak => Field("VmHWM:");

    /// <summary>Sets the peak back to what is resident now.</summary>
    public static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static double Field(string name)
    {
        string line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture) / 1024;
    }
}
