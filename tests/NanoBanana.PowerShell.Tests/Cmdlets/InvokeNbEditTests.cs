using System.Text.Json.Nodes;
using NanoBanana.Images;
using NanoBanana.PowerShell.Commands;
using NanoBanana.PowerShell.Tests.Engine;

namespace NanoBanana.PowerShell.Tests.Cmdlets;

public sealed class InvokeNbEditTests : IDisposable
{
    private readonly OfflineSession _offline = OfflineSession.Connected();

    public void Dispose() => _offline.Dispose();

    [Fact]
    public void An_edit_continues_the_conversation_of_its_image()
    {
        NbImage edited = _offline.Session
            .Pipe<NewNbImageCommand>(null, "a fox")
            .Pipe<InvokeNbEditCommand>(null, "add a scarf")
            .Invoke()
            .Single<NbImage>();

        Assert.Equal(["user", "model", "user", "model"], edited.Conversation!.Turns.Select(turn => turn.Role));
        Assert.Equal("a fox", edited.Parent!.Prompt);
    }

    [Fact]
    public void An_edit_continues_an_imported_image_in_another_session()
    {
        NbImage saved = _offline.Save(_offline.NewImage());
        using OfflineSession later = OfflineSession.Connected();

        NbImage edited = later.Session
            .Pipe<ImportNbImageCommand>(null, Path.Combine(Path.GetDirectoryName(saved.Path)!, "*.jpg"))
            .Pipe<InvokeNbEditCommand>(null, "make it night")
            .Invoke()
            .Single<NbImage>();

        Assert.Equal(4, edited.Conversation!.Turns.Length);
    }

    [Fact]
    public void A_changed_signature_is_refused_and_a_rebase_works_without_it()
    {
        NbImage saved = _offline.Save(_offline.NewImage());
        ChangeSignature(saved.Path!);

        var error = Edit(saved.Path!, rebase: false).SingleError();
        Assert.Contains("-Rebase", error.ErrorDetails!.RecommendedAction);

        NbImage edited = Edit(saved.Path!, rebase: true).Single<NbImage>();
        Assert.Equal(2, edited.Conversation!.Turns.Length);
    }

    [Fact]
    public void Its_alias_is_edit_nb_image() => Assert.Equal(
        "Edit-NbImage",
        typeof(InvokeNbEditCommand).GetCustomAttributes(false).OfType<System.Management.Automation.AliasAttribute>()
            .Single().AliasNames.Single());

    private PipelineRun Edit(string path, bool rebase) => _offline.Session.Invoke<InvokeNbEditCommand>(
        new { Instruction = "make it night", LiteralPath = path, Rebase = rebase });

    private static void ChangeSignature(string path)
    {
        JsonNode sidecar = JsonNode.Parse(File.ReadAllText(path + ".nb.json"))!;
        JsonNode part = sidecar["conversation"]!["turns"]![1]!["parts"]!.AsArray()
            .First(p => p!["signature"] is not null)!;
        string hash = part["signature"]!["sha256"]!.GetValue<string>();
        string blob = Path.Combine(Path.GetDirectoryName(path)!, ".nb", "blobs", hash[..2], hash[2..]);
        byte[] bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 1;
        File.WriteAllBytes(blob, bytes);
    }
}
