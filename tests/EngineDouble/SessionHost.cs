using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace EngineDouble;

/// <summary>A host nobody sits at: lines are kept, questions are refused.</summary>
internal sealed class SessionHost : PSHost
{
    private readonly LinesOnly _ui = new();

    public override string Name => "EngineDouble";

    public override Version Version { get; } = new(7, 4);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public Action<string>? Line
    {
        get => _ui.Line;
        set => _ui.Line = value;
    }

    private sealed class LinesOnly : PSHostUserInterface
    {
        public Action<string>? Line { get; set; }

        public override string ReadLine() => throw NobodyThere();

        public override SecureString ReadLineAsSecureString() => throw NobodyThere();

        public override void Write(string value) => Line?.Invoke(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
            Write(value);

        public override void WriteLine(string value) => Write(value);

        private static PSInvalidOperationException NobodyThere() =>
            new("PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.");
    }
}
