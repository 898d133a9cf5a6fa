using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Requests;

public sealed class RecordedRequestTests
{
    [Fact]
    public async Task The_resolution_of_references_is_found_by_the_hash_of_the_request()
    {
        using var fixture = new EmulatorFixture();
        NbImage look = await EmulatorFixture.MakeAsync(fixture.Service, new ImageRequest { Prompt = "a fox" });
        NbImage image = await EmulatorFixture.MakeAsync(fixture.Service, new ImageRequest
        {
            Prompt = "the fox asleep", Model = "nb2", MediaResolution = "low",
            References = [new Reference(look.ToPicture())],
        });
        ImageRequest found = RecordedRequest.Of(image, fixture.Service.Catalog, fixture.Service.Prepare);
        Assert.Equal("low", found.MediaResolution);
        Assert.Equal(image.RequestHash, fixture.Service.Prepare(found).RequestHash);
    }

    [Fact]
    public async Task A_request_without_a_resolution_is_found_without_trying_any()
    {
        using var fixture = new EmulatorFixture();
        NbImage image = await EmulatorFixture.MakeAsync(fixture.Service, new ImageRequest
        {
            Prompt = "a fox", Model = "nb2", ThinkingLevel = "high", IncludeThoughts = true,
        });
        var tried = new List<ImageRequest>();
        ImageRequest found = RecordedRequest.Of(image, fixture.Service.Catalog, request =>
        {
            tried.Add(request);
            return fixture.Service.Prepare(request);
        });
        Assert.Equal(("high", true), (found.ThinkingLevel, found.IncludeThoughts));
        Assert.All(tried, request => Assert.Null(request.MediaResolution));
    }
}
