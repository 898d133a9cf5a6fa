using System.Runtime.CompilerServices;
using NanoBanana.Storage;

namespace NanoBanana.Tests;

/// <summary>A data folder of the tests' own, for this process and those it starts: none of them looks into the
/// user's.</summary>
internal static class TestHome
{
    [ModuleInitializer]
    internal static void Create()
    {
        string folder = Directory.CreateTempSubdirectory("nb-home-").FullName;
        Environment.SetEnvironmentVariable(UserFolders.Variable, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
