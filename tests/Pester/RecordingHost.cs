#nullable enable

using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

/// <summary>A host that writes down what it is shown and asked, and answers every question the same way.</summary>
public sealed class RecordingHost : PSHost
{
    private readonly RecordingScreen _screen = new();

    public List<string> Lines => _screen.Lines;

    public List<string> Questions => _screen.Questions;

    /// <summary>Whether it answers every question with yes; otherwise with no.</summary>
    public bool SaysYes { get => _screen.SaysYes; set => _screen.SaysYes = value; }

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "RecordingHost";

    public override Version Version => new(1, 0);

    public override PSHostUserInterface UI => _screen;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override void SetShouldExit(int exitCode) { }

    public override void EnterNestedPrompt() { }

    public override void ExitNestedPrompt() { }

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }
}

internal sealed class RecordingScreen : PSHostUserInterface
{
    public List<string> Lines { get; } = new();

    public List<string> Questions { get; } = new();

    public bool SaysYes { get; set; }

    public override PSHostRawUserInterface? RawUI => null;

    public override string ReadLine() => "";

    public override SecureString ReadLineAsSecureString() => new();

    public override void Write(string value) => Lines.Add(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Lines.Add(value);

    public override void WriteLine(string value) => Lines.Add(value);

    public override void WriteErrorLine(string value) => Lines.Add(value);

    public override void WriteDebugLine(string message) => Lines.Add(message);

    public override void WriteVerboseLine(string message) => Lines.Add(message);

    public override void WriteWarningLine(string message) => Lines.Add(message);

    public override void WriteProgress(long sourceId, ProgressRecord record) { }

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) => new();

    public override PSCredential PromptForCredential(string caption, string message, string userName,
        string targetName) => null!;

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => null!;

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices,
        int defaultChoice)
    {
        Questions.Add($"{caption}: {message}");
        // The numbers differ from question to question; the labels do not.
        for (int i = 0; i < choices.Count; i++)
        {
            if (choices[i].Label == (SaysYes ? "&Yes" : "&No")) return i;
        }
        return defaultChoice;
    }
}
