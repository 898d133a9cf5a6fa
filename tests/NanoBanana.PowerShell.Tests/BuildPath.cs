using System.Reflection;

namespace NanoBanana.PowerShell.Tests;

/// <summary>Paths the build wrote into this assembly.</summary>
internal static class BuildPath
{
    public static string ModuleFolder => Of("ModuleFolder");

    public static string PesterFolder => Of("PesterFolder");

    public static string Of(string name) => Path.GetFullPath(typeof(BuildPath).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == name).Value!);
}
