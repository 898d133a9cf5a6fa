namespace System.Management.Automation.Language;

public abstract class Ast
{
    internal Ast()
    {
    }
}
