namespace System.Management.Automation.Host;

public class HostException : RuntimeException
{
    public HostException(string message)
        : base(message)
    {
    }
}
