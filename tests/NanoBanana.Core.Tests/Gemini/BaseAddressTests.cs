using NanoBanana.Gemini.Http;

namespace NanoBanana.Tests.Gemini;

/// <summary>Addresses as people copy them: with versions, prefixes, paths and slashes.</summary>
public sealed class BaseAddressTests
{
    [Theory]
    [InlineData("http://localhost", "http://localhost/v1/models/m:x")]
    [InlineData("http://localhost/", "http://localhost/v1/models/m:x")]
    [InlineData("http://localhost/v1beta", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/v1beta/", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost//v1beta//", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/v1", "http://localhost/v1/models/m:x")]
    [InlineData("http://localhost/v1alpha", "http://localhost/v1alpha/models/m:x")]
    [InlineData("http://localhost/v1beta/models", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/v1beta/models/", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/models", "http://localhost/v1/models/m:x")]
    [InlineData("http://localhost/v1beta/models/gemini-x:generateContent", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/upload/v1beta/files", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/v1beta/openai/", "http://localhost/v1beta/models/m:x")]
    [InlineData("http://localhost/prefix", "http://localhost/prefix/v1/models/m:x")]
    [InlineData("http://localhost/a/prefix/v1beta/models", "http://localhost/a/prefix/v1beta/models/m:x")]
    [InlineData("https://gateway.example/v1/account/gateway/google-ai-studio",
        "https://gateway.example/v1/account/gateway/google-ai-studio/v1/models/m:x")]
    [InlineData("https://gateway.example/v1/account/gateway/google-ai-studio/v1beta",
        "https://gateway.example/v1/account/gateway/google-ai-studio/v1beta/models/m:x")]
    [InlineData("https://gateway.example/v2ray", "https://gateway.example/v2ray/v1/models/m:x")]
    public void A_base_address_is_understood(string address, string asked) =>
        Assert.Equal(asked, GeminiEndpoint.ForGemini(new Uri(address)).Method("m", "x").AbsoluteUri);

    [Fact]
    public void An_explicit_version_overrides_that_of_the_address() =>
        Assert.Equal("http://localhost/v1/models/m:x",
            GeminiEndpoint.ForGemini(new Uri("http://localhost/v1beta"), "v1").Method("m", "x").AbsoluteUri);

    [Theory]
    [InlineData("../v1")]
    [InlineData("")]
    [InlineData("v1/models")]
    [InlineData("latest")]
    public void An_invalid_version_is_refused(string version) =>
        Assert.Equal("Nb.Service.InvalidUri",
            Assert.Throws<NbException>(() => GeminiEndpoint.ForGemini(null, version)).ErrorId);

    [Theory]
    [InlineData("global", "https://aiplatform.googleapis.com/v1beta1/")]
    [InlineData("us", "https://aiplatform.us.rep.googleapis.com/v1beta1/")]
    [InlineData("eu", "https://aiplatform.eu.rep.googleapis.com/v1beta1/")]
    [InlineData("europe-west4", "https://europe-west4-aiplatform.googleapis.com/v1beta1/")]
    public void Each_location_of_Vertex_has_its_own_host(string location, string beginning) =>
        Assert.StartsWith(beginning, GeminiEndpoint.ForVertex("p", location).Method("m", "x").AbsoluteUri);

    [Theory]
    [InlineData("https://generativelanguage.googleapis.com/upload/v1/files?upload_id=u",
        "https://gateway.example/gemini/upload/v1/files?upload_id=u")]
    [InlineData("https://gateway.example/gemini/upload/v1/files?upload_id=u",
        "https://gateway.example/gemini/upload/v1/files?upload_id=u")]
    public void An_upload_keeps_the_prefix_of_the_address(string given, string sent) =>
        Assert.Equal(sent,
            GeminiEndpoint.ForGemini(new Uri("https://gateway.example/gemini/v1"))
            .AtThisHost(new Uri(given)).AbsoluteUri);
}
