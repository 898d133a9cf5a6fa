namespace System.Management.Automation;

public class HostInformationMessage
{
    public string? Message { get; set; }

    public bool? NoNewLine { get; set; }

    public ConsoleColor? ForegroundColor { get; set; }

    public ConsoleColor? BackgroundColor { get; set; }

    public override string ToString() => Message ?? "";
}
