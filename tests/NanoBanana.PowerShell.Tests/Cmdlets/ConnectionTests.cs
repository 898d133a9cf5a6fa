using System.Management.Automation;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class ConnectionTests
{
    [Fact]
    public void A_connection_belongs_to_its_runspace()
    {
        using OfflineSession one = OfflineSession.Connected();
        using OfflineSession other = OfflineSession.Unconnected();

        Assert.True(one.Session.Invoke<GetNbConnectionCommand>().Single<NbConnection>().IsOffline);
        Assert.Empty(other.Session.Invoke<GetNbConnectionCommand>().Succeeded().Output);
    }

    [Fact]
    public void A_disconnected_connection_is_no_longer_used()
    {
        using OfflineSession offline = OfflineSession.Connected();

        offline.Session.Invoke<DisconnectNbServiceCommand>().Succeeded();

        Assert.Empty(offline.Session.Invoke<GetNbConnectionCommand>().Output);
    }

    [Fact]
    public void A_disconnected_connection_is_reported_once()
    {
        using OfflineSession offline = OfflineSession.Connected();
        NbConnection connection = offline.Session.Invoke<GetNbConnectionCommand>().Single<NbConnection>();
        offline.Session.Invoke<DisconnectNbServiceCommand>().Succeeded();

        PipelineRun run = offline.Session.Invoke<NewNbImageCommand>(new { Connection = connection }, input: ["a", "b"]);

        Assert.StartsWith("Nb.Connection.Closed,", run.SingleError().FullyQualifiedErrorId);
    }

    [Fact]
    public void Without_a_key_the_pipeline_ends_with_three_ways_out()
    {
        ErrorRecord error = Pipeline.Invoke<NewNbImageCommand>(input: ["a", "b"]).SingleError();

        Assert.StartsWith("Nb.Connection.NoKey,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains("-ApiKey", error.ErrorDetails!.RecommendedAction);
        Assert.Contains("GEMINI_API_KEY", error.ErrorDetails.RecommendedAction);
        Assert.Contains("-Offline", error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("http://example.com", "Nb.Service.InsecureUri")]
    [InlineData("ftp://example.com", "Nb.Service.InvalidUri")]
    public void An_address_that_would_show_the_key_is_refused(string uri, string errorId)
    {
        PipelineRun run = Pipeline.Invoke<ConnectNbServiceCommand>(new { ApiKey = "secret-key", BaseUri = uri });

        Assert.StartsWith(errorId, run.TerminatingError!.FullyQualifiedErrorId);
        Assert.DoesNotContain("secret-key", run.AllText());
    }

    [Fact]
    public void A_key_appears_in_no_stream()
    {
        PipelineRun run = Pipeline.Invoke<ConnectNbServiceCommand>(
            new { ApiKey = "secret-key", BaseUri = "http://127.0.0.1:9", Verbose = true, Debug = true });

        Assert.Equal("-ApiKey", run.Single<NbConnection>().Credential);
        Assert.DoesNotContain("secret-key", run.AllText());
    }
}
