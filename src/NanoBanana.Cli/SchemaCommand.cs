using System.CommandLine;
using NanoBanana.Batches.Manifests;
using NanoBanana.Models;

namespace NanoBanana.Cli;

/// <summary><c>nb schema</c>: prints the JSON Schema of manifests, for editors. Sends nothing and needs no
/// key.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of manifests: save it, and name it as \"$schema\".");
        command.SetAction(_ =>
        {
            Console.Out.Write(ManifestSchema.Write(ModelCatalog.BuiltIn));
            return ExitCode.Success;
        });
        return command;
    }
}
