using System.Security;

namespace System.Management.Automation.Host;

public abstract class PSHostUserInterface
{
    public virtual bool SupportsVirtualTerminal => false;

    public abstract string ReadLine();

    public abstract SecureString ReadLineAsSecureString();

    public abstract void Write(string value);

    public abstract void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value);

    public abstract void WriteLine(string value);

    public virtual void WriteLine() => WriteLine("");
}
