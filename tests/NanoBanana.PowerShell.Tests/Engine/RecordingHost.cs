using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>A host nobody sits at: lines are kept, questions are refused.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly Screen _screen = new();

    public override string Name => "Tests";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _screen;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    /// <summary>The lines since it was last asked.</summary>
    public IReadOnlyList<string> TakeLines()
    {
        List<string> lines = [];
        while (_screen.Lines.TryDequeue(out string? line)) lines.Add(line);
        return lines;
    }

    public override void EnterNestedPrompt() => throw NobodyThere();

    public override void ExitNestedPrompt() => throw NobodyThere();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => throw NobodyThere();

    private static PSInvalidOperationException NobodyThere() => new("There is nobody to be asked.");

    private sealed class Screen : PSHostUserInterface
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public override PSHostRawUserInterface? RawUI => null;

        public override string ReadLine() => throw NobodyThere();

        public override SecureString ReadLineAsSecureString() => throw NobodyThere();

        public override Dictionary<string, PSObject> Prompt(
            string caption, string message, Collection<FieldDescription> descriptions) =>
            throw NobodyThere();

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices,
            int defaultChoice) =>
            throw NobodyThere();

        public override PSCredential PromptForCredential(string caption, string message, string userName,
            string targetName) =>
            throw NobodyThere();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes types,
                PSCredentialUIOptions options) =>
            throw NobodyThere();

        public override void Write(string value) => Lines.Enqueue(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
            Write(value);

        public override void WriteLine(string value) => Write(value);

        // What goes to a stream is read there.
        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteErrorLine(string value)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteWarningLine(string message)
        {
        }

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }
    }
}
