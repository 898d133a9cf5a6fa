namespace System.Management.Automation.Language;

public abstract class CommandBaseAst : Ast
{
    internal CommandBaseAst()
    {
    }
}
