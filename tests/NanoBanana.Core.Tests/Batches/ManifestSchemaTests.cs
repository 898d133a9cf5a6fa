using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using NanoBanana.Batches.Manifests;
using NanoBanana.Models;

namespace NanoBanana.Tests.Batches;

/// <summary>The JSON Schema of manifests says what their reader knows. Whether it tells good manifests from bad ones is
/// asked of PowerShell's Test-Json (Schema.Tests.ps1).</summary>
public sealed class ManifestSchemaTests
{
    [Fact]
    public void The_schema_in_the_repository_is_up_to_date()
    {
        string written = ManifestSchema.Write(ModelCatalog.BuiltIn);
        if (Environment.GetEnvironmentVariable("NB_UPDATE_BASELINE") == "1") File.WriteAllText(Published(), written);
        Assert.True(written == File.ReadAllText(Published()).ReplaceLineEndings("\n"),
            "docs/manifest.schema.json is not up to date: run this test with NB_UPDATE_BASELINE=1.");
    }

    [Fact]
    public void Every_readable_property_has_a_description()
    {
        JsonNode parts = JsonNode.Parse(ManifestSchema.Write(ModelCatalog.BuiltIn))!["$defs"]!;
        foreach ((string part, Vocabulary vocabulary) in ManifestWords.Vocabularies)
        {
            JsonObject properties = parts[part]!["properties"]!.AsObject();
            Assert.Equal(vocabulary.Names, properties.Select(property => property.Key));
            Assert.All(properties, property =>
                Assert.EndsWith(".", (string?)property.Value!["description"], StringComparison.Ordinal));
        }
    }

    private static string Published([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "manifest.schema.json");
}
