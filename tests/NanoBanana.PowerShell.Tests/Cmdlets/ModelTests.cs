using NanoBanana.Models;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class ModelTests
{
    [Fact]
    public void The_catalog_needs_no_connection() =>
        Assert.NotEmpty(Pipeline.Invoke<GetNbModelCommand>().Succeeded().OutputOf<ModelInfo>());

    [Fact]
    public void An_unknown_model_is_an_error_and_a_wildcard_without_a_match_is_not()
    {
        Assert.StartsWith(
            "Nb.Model.Unknown,",
            Pipeline.Invoke<GetNbModelCommand>(new { Name = "nobody" }).SingleError().FullyQualifiedErrorId);
        Assert.Empty(Pipeline.Invoke<GetNbModelCommand>(new { Name = "nobody*" }).Succeeded().Output);
    }

    [Fact]
    public void Completed_ratios_are_those_of_the_typed_model_and_keep_the_quotes()
    {
        ModelInfo model = Pipeline.Invoke<GetNbModelCommand>().OutputOf<ModelInfo>()
            .First(m => m.Ratios.Contains("16:9"));

        using Session session = new();
        Assert.Equal(["\"16:9\""], session.Complete($"New-NbImage -Model {model.Id} -AspectRatio \"16"));
    }
}
