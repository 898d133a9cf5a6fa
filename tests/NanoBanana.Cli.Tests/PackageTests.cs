using System.Diagnostics;

namespace NanoBanana.Cli.Tests;

/// <summary>What is packed is installed and used as others will.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nb_is_installed_as_a_tool_from_a_folder_and_makes_an_image()
    {
        await PackAsync("NanoBanana.Cli");
        await RunAsync("dotnet", "tool", "install", "NanoBanana.Cli", "--tool-path", _folder["tools"],
            "--source", _folder["feed"]);
        string nb = _folder[OperatingSystem.IsWindows() ? "tools/nb.exe" : "tools/nb"];
        await RunAsync(nb, "image", "a red fox", "--offline", "--out", _folder["fox.jpg"]);
        Assert.True(File.Exists(_folder["fox.jpg.nb.json"]));
    }

    [Fact]
    public async Task A_program_uses_the_package_of_the_library()
    {
        await PackAsync("NanoBanana.Core");
        Directory.CreateDirectory(_folder["program"]);
        // Nothing of this repository's settings reaches the program.
        foreach (string name in new[] { "Directory.Build.props", "Directory.Packages.props" })
        {
            await File.WriteAllTextAsync(Path.Combine(_folder["program"], name), "<Project />");
        }
        await File.WriteAllTextAsync(Path.Combine(_folder["program"], "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreSources>{_folder["feed"]}</RestoreSources>
                <RestorePackagesPath>{_folder["packages"]}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="NanoBanana.Core" Version="*" /></ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder["program"], "Program.cs"), """
            using NanoBanana.Gemini;
            using NanoBanana.Gemini.Http;
            using NanoBanana.Generation;
            using NanoBanana.Images;
            using NanoBanana.Models;
            using NanoBanana.Requests;
            using NanoBanana.Storage;

            using var service = new ImageService(
                new GeminiClient(GeminiEndpoint.ForGemini(new Uri(args[0])), GeminiCredential.FromApiKey("any")),
                ModelCatalog.BuiltIn);
            var made = await service.SendAsync(
                service.Prepare(new ImageRequest { Prompt = "a red fox" }), BlobSink.Memory);
            NbImage fox = ImageFile.SaveIn(made[0], args[1]);
            var edited = await service.SendAsync(service.Prepare(
                new ImageRequest { Prompt = "make it night", Source = ImageFile.Import(fox.Path!) }), BlobSink.Memory);
            Console.WriteLine(edited[0].Conversation!.Turns.Length);
            """);
        using NbServer server = await NbServer.StartAsync("serve", "--port", "0");
        string output = await RunAsync("dotnet", "run", "--project", _folder["program"], "--",
            server.Address.GetLeftPart(UriPartial.Authority), _folder["shots"]);
        Assert.Equal("4", output.Trim().Split('\n')[^1]);
    }

    private Task PackAsync(string project) => RunAsync("dotnet", "pack",
        Path.Combine(Repository(), "src", project), "--output", _folder["feed"], "--artifacts-path",
        _folder["artifacts"], $"-p:ModuleOutputPath={_folder["module"]}/");

    // With a home of its own: nothing that this user has installed helps.
    private Task<string> RunAsync(string program, params string[] arguments) =>
        ProgramRun.OutputAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path });

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NanoBanana.PowerShell.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
