using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NanoBanana.Gemini;
using NanoBanana.Gemini.Http;

namespace NanoBanana.GoogleAuth.Tests;

/// <summary>Tests depend on the process's environment, so they run one at a time.</summary>
public sealed class DefaultCredentialsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nb-auth-");
    private readonly GoogleServer _google = new();
    private readonly RSA _key = RSA.Create(2048);

    public DefaultCredentialsTests()
    {
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", null);
        Environment.SetEnvironmentVariable("CLOUDSDK_CONFIG", _folder.FullName);
        // No test uses a network outside this machine.
        Environment.SetEnvironmentVariable("NO_GCE_CHECK", "true");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", null);
        Environment.SetEnvironmentVariable("CLOUDSDK_CONFIG", null);
        _google.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_service_account_signs_for_a_token()
    {
        Use(ServiceAccount());

        Assert.Equal(["Bearer nb-token-1"], await DrawAsync(1));

        Dictionary<string, string> asked = Form(Assert.Single(_google.TokenRequests));
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", asked["grant_type"]);
        string[] parts = asked["assertion"].Split('.');
        JsonNode claims = JsonNode.Parse(FromBase64Url(parts[1]))!;
        Assert.Equal("fox@my-project.iam.gserviceaccount.com", claims["iss"]!.GetValue<string>());
        Assert.Equal("https://www.googleapis.com/auth/cloud-platform", claims["scope"]!.GetValue<string>());
        Assert.True(_key.VerifyData(
            System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), FromBase64Url(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task A_token_is_kept_while_it_lives()
    {
        Use(ServiceAccount());

        Assert.Equal(["Bearer nb-token-1", "Bearer nb-token-1", "Bearer nb-token-1"], await DrawAsync(3));
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends()
    {
        // Less than the library leaves to a request that is about to be made.
        _google.Lifetime = 30;
        Use(ServiceAccount());

        Assert.Equal(["Bearer nb-token-1", "Bearer nb-token-2"], await DrawAsync(2));
    }

    [Fact]
    public async Task What_gcloud_left_is_found_where_it_leaves_it()
    {
        JsonObject account = ServiceAccount();
        File.WriteAllText(Path.Combine(_folder.FullName, "application_default_credentials.json"),
            account.ToJsonString());

        Assert.Equal(["Bearer nb-token-1"], await DrawAsync(1));
    }

    [Fact]
    public async Task A_user_brings_a_refresh_token()
    {
        Use(new JsonObject
        {
            ["type"] = "authorized_user",
            ["client_id"] = "client",
            ["client_secret"] = "s",
            ["refresh_token"] = "remember-me",
            ["quota_project_id"] = "paying-project",
        });

        Assert.Equal(["Bearer nb-token-1"], await DrawAsync(1));
        Assert.Equal("remember-me", Form(Assert.Single(_google.TokenRequests))["refresh_token"]);
        Assert.Contains("x-goog-user-project: paying-project", _google.OtherRequests.Single());
    }

    [Fact]
    public async Task A_workload_trades_its_own_token()
    {
        string own = Path.Combine(_folder.FullName, "own-token");
        File.WriteAllText(own, "from-another-cloud");
        Use(new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = _google.TokenUri.AbsoluteUri,
            ["credential_source"] = new JsonObject { ["file"] = own },
        });

        Assert.Equal(["Bearer nb-token-1"], await DrawAsync(1));
        Assert.Equal("from-another-cloud", Form(Assert.Single(_google.TokenRequests))["subject_token"]);
    }

    [Fact]
    public async Task A_refusal_says_why_and_shows_no_key()
    {
        _google.Refusal = "Invalid JWT Signature.";
        Use(ServiceAccount());

        NbException e = await Assert.ThrowsAsync<NbException>(() => DrawAsync(1));

        Assert.Equal("Nb.Connection.TokenRefused", e.ErrorId);
        Assert.Contains("Invalid JWT Signature.", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Form(_google.TokenRequests.First())["assertion"], e.ToString(), StringComparison.Ordinal);
        Assert.Empty(_google.OtherRequests);
    }

    [Fact]
    public async Task A_token_service_that_is_gone_is_not_a_lost_call()
    {
        Use(ServiceAccount());
        var getToken = new DefaultCredentials().FindDefault();
        _google.Stop();

        NbException e = await Assert.ThrowsAsync<NbException>(() => getToken(CancellationToken.None).AsTask());

        Assert.Equal("Nb.Service.NotConnected", e.ErrorId);
        Assert.False(e.IsUncertain);
    }

    [Fact]
    public async Task Every_connection_looks_again()
    {
        Use(ServiceAccount());
        await DrawAsync(1);
        Use(ServiceAccount("owl@my-project.iam.gserviceaccount.com"));
        await DrawAsync(1);

        IEnumerable<string> askers = _google.TokenRequests
            .Select(body =>
            JsonNode.Parse(FromBase64Url(Form(body)["assertion"].Split('.')[1]))!["iss"]!.GetValue<string>());
        Assert.Equal(["fox@my-project.iam.gserviceaccount.com", "owl@my-project.iam.gserviceaccount.com"], askers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"something else"}""")]
    [InlineData("""{"type":"service_account","client_email":"a@b"}""")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"-----BEGIN PRIVATE KEY-----\nc2VjcmV0LWJ5dGVz\n-----END PRIVATE KEY-----\n"}""")]
    public void A_file_that_holds_no_credentials_is_named(string text)
    {
        string path = Path.Combine(_folder.FullName, "key.json");
        File.WriteAllText(path, text);
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", path);

        var e = Assert.Throws<NbException>(() => new DefaultCredentials().FindDefault());

        Assert.Equal("Nb.Connection.NoCredentials", e.ErrorId);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0LWJ5dGVz", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS",
            Path.Combine(_folder.FullName, "gone.json"));

        Assert.Contains("gone.json", Assert.Throws<NbException>(() => new DefaultCredentials().FindDefault()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_found_says_three_ways_out()
    {
        NbException e = await Assert.ThrowsAsync<NbException>(() => DrawAsync(1));

        Assert.Equal("Nb.Connection.NoCredentials", e.ErrorId);
        Assert.Contains("gcloud auth application-default login", e.Advice, StringComparison.Ordinal);
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", e.Advice, StringComparison.Ordinal);
        Assert.Contains("{way:connectWithToken}", e.Advice, StringComparison.Ordinal);
    }

    // Calls a model with Core's client, and returns the credential of each request.
    private async Task<string[]> DrawAsync(int times)
    {
        int before = _google.OtherRequests.Count;
        using var client = new GeminiClient(
            GeminiEndpoint.ForVertex("my-project", "global", _google.BaseUri),
                GeminiCredential.FromToken(new DefaultCredentials(new ShortWay(_google)).FindDefault()));
        for (int i = 0; i < times; i++) await client.GetModelAsync("gemini-x");
        return [.. _google.OtherRequests.Skip(before)
            .SelectMany(head => head.Split("\r\n", StringSplitOptions.TrimEntries))
            .SelectMany(head => head.Split('\n', StringSplitOptions.TrimEntries))
            .Where(line => line.StartsWith("Authorization: ", StringComparison.Ordinal))
            .Select(line => line["Authorization: ".Length..])];
    }

    private void Use(JsonObject credential)
    {
        string path = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.json");
        File.WriteAllText(path, credential.ToJsonString());
        Environment.SetEnvironmentVariable("GOOGLE_APPLICATION_CREDENTIALS", path);
    }

    private JsonObject ServiceAccount(string email = "fox@my-project.iam.gserviceaccount.com") => new()
    {
        ["type"] = "service_account",
        ["project_id"] = "my-project",
        ["private_key_id"] = "1",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = email,
        ["token_uri"] = _google.TokenUri.AbsoluteUri,
    };

    private static Dictionary<string, string> Form(string body) => body.Split('&').Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));

    private static byte[] FromBase64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
