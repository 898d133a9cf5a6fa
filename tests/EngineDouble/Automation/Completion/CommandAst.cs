namespace System.Management.Automation.Language;

public class CommandAst : CommandBaseAst
{
    private readonly string _commandName;

    internal CommandAst(string commandName) => _commandName = commandName;

    public string GetCommandName() => _commandName;
}
