using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

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
        CheckTold("NanoBanana.Cli").Dispose();
        await RunAsync("dotnet", "tool", "install", "NanoBanana.Cli", "--tool-path", _folder["tools"],
            "--source", _folder["feed"]);
        string nb = _folder[OperatingSystem.IsWindows() ? "tools/nb.exe" : "tools/nb"];
        await RunAsync(nb, "image", "a red fox", "--offline", "--out", _folder["fox.jpg"]);
        Assert.True(File.Exists(_folder["fox.jpg.nb.json"]));
    }

    [Fact]
    public async Task Programs_use_the_package_of_the_library_and_that_for_Microsoft_Extensions_AI()
    {
        await PackAsync("NanoBanana.Core");
        await PackAsync("NanoBanana.Extensions.AI");
        foreach (string package in new[] { "NanoBanana.Core", "NanoBanana.Extensions.AI" }) CheckLibrary(package);
        using NbServer server = await NbServer.StartAsync("serve", "--port", "0");
        string address = server.Address.GetLeftPart(UriPartial.Authority);
        await ProgramAsync("library", "NanoBanana.Core", """
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
        Assert.Equal("4", await RunProgramAsync("library", address, _folder["shots"]));
        await ProgramAsync("generator", "NanoBanana.Extensions.AI", """
            using System.Drawing;
            using Microsoft.Extensions.AI;
            using NanoBanana.Errors;
            using NanoBanana.Extensions.AI;
            using NanoBanana.Gemini;
            using NanoBanana.Gemini.Http;
            using NanoBanana.Generation;
            using NanoBanana.Images;
            using NanoBanana.Models;

            using var service = new ImageService(
                new GeminiClient(GeminiEndpoint.ForGemini(new Uri(args[0])), GeminiCredential.FromApiKey("any")),
                ModelCatalog.BuiltIn);
            using IImageGenerator generator = service.AsImageGenerator(new() { Budget = new Budget(1), Folder = args[1] });
            ImageGenerationResponse fox = await generator.GenerateAsync(
                new ImageGenerationRequest("a red fox"),
                new ImageGenerationOptions { ImageSize = new Size(1200, 700), Count = 2 });
            var first = (NbImage)fox.Contents[0].AdditionalProperties![NbImageGenerator.ImageProperty]!;
            ImageGenerationResponse night = await generator.GenerateAsync(
                new ImageGenerationRequest("make it night", [fox.Contents[0]]));
            var edited = (NbImage)night.Contents[0].RawRepresentation!;
            ImageGenerationResponse sale = await generator.GenerateAsync(
                new ImageGenerationRequest("a poster that says \"Sale\""),
                new ImageGenerationOptions { AdditionalProperties = new() { ["lettering"] = new[] { "Sale" } } });
            string Refusal(Func<Task> call)
            {
                try { call().GetAwaiter().GetResult(); return "none"; }
                catch (NbException e) { return e.ErrorId; }
            }
            string[] refusals =
            [
                Refusal(() => generator.GenerateAsync(new ImageGenerationRequest("[[IMAGE_SAFETY]] a fox"))),
                Refusal(() => generator.GenerateAsync(new ImageGenerationRequest("a fox"),
                    new ImageGenerationOptions { MediaType = "image/gif" })),
                Refusal(() => generator.GenerateAsync(new ImageGenerationRequest("a fox"),
                    new ImageGenerationOptions { AdditionalProperties = new() { ["sise"] = "1K" } })),
                Refusal(() => generator.GenerateAsync(new ImageGenerationRequest("a fox"),
                    new ImageGenerationOptions { AdditionalProperties = new() { ["outFile"] = "fox.jpg" } })),
                Refusal(() => generator.GenerateAsync(new ImageGenerationRequest("a fox"),
                    new ImageGenerationOptions { AdditionalProperties = new() { ["votes"] = 3 } })),
                Refusal(() => generator.GenerateAsync(new ImageGenerationRequest("a fox"),
                    new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Hosted })),
            ];
            Console.WriteLine(string.Join(' ', [$"{fox.Contents.Count}", $"{first.Width}x{first.Height}",
                $"{((DataContent)fox.Contents[0]).Data.Length == first.Length}", $"{fox.Usage!.TotalTokenCount > 0}",
                $"{edited.Conversation!.Turns.Length}", $"{File.Exists(edited.Path + ".nb.json")}",
                $"{((NbImage)sale.Contents[0].RawRepresentation!).Verdict!.IsAccepted}", .. refusals]));
            """);
        Assert.Equal("2 1376x768 True True 4 True True Nb.Answer.NoImage Nb.Request.UnsupportedOption "
            + "Nb.Manifest.MisspelledProperty Nb.Request.UnsupportedOption Nb.Judge.NothingJudged "
            + "Nb.Request.UnsupportedOption",
            await RunProgramAsync("generator", address, _folder["generated"]));
    }

    // What a debugger and an editor look for.
    private void CheckLibrary(string package)
    {
        using ZipArchive files = CheckTold(package);
        Assert.Contains(files.Entries, file => file.FullName.EndsWith($"/{package}.xml", StringComparison.Ordinal));
        string symbols = Assert.Single(Directory.GetFiles(_folder["feed"], $"{package}.*.snupkg"));
        using ZipArchive lines = ZipFile.OpenRead(symbols);
        Assert.Contains(lines.Entries, file => file.FullName.EndsWith($"/{package}.pdb", StringComparison.Ordinal));
    }

    // What a feed shows, and the commit that a package was made of.
    private ZipArchive CheckTold(string package)
    {
        ZipArchive files = ZipFile.OpenRead(
            Assert.Single(Directory.GetFiles(_folder["feed"], $"{package}.*.nupkg")));
        XElement told;
        using (Stream nuspec = files.GetEntry($"{package}.nuspec")!.Open()) told = XElement.Load(nuspec);
        string Of(string name) => told.Descendants().First(one => one.Name.LocalName == name).Value;
        Assert.Equal("MIT", Of("license"));
        Assert.NotNull(files.GetEntry(Of("icon")));
        Assert.NotNull(files.GetEntry(Of("readme")));
        Assert.DoesNotContain("Package Description", Of("description"), StringComparison.Ordinal);
        XElement repository = told.Descendants().First(one => one.Name.LocalName == "repository");
        Assert.Equal("git", (string?)repository.Attribute("type"));
        Assert.Matches("^[0-9a-f]{40}$", (string?)repository.Attribute("commit"));
        return files;
    }

    // A program of somebody who has only the packages.
    private async Task ProgramAsync(string name, string package, string code)
    {
        Directory.CreateDirectory(_folder[name]);
        // Nothing of this repository's settings reaches the program.
        foreach (string settings in new[] { "Directory.Build.props", "Directory.Packages.props" })
        {
            await File.WriteAllTextAsync(Path.Combine(_folder[name], settings), "<Project />");
        }
        // What restored this test restores the program: no network is needed.
        string restored = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_folder[name], "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <NoWarn>MEAI001</NoWarn>
                <RestoreSources>{_folder["feed"]};{restored}</RestoreSources>
                <RestorePackagesPath>{_folder["packages"]}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="*" /></ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder[name], "Program.cs"), code);
    }

    private async Task<string> RunProgramAsync(string name, params string[] arguments)
    {
        string output = await RunAsync("dotnet", ["run", "--project", _folder[name], "--", .. arguments]);
        return output.Trim().Split('\n')[^1];
    }

    private Task PackAsync(string project) => RunAsync("dotnet", "pack",
        Path.Combine(Repository(), "src", project), "--output", _folder["feed"], "--artifacts-path",
        _folder["artifacts"], $"-p:ModuleOutputPath={_folder["module"]}/", "-p:RunAnalyzers=false");

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
