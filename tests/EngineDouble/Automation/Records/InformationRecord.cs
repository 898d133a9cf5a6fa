using EngineDouble;

namespace System.Management.Automation;

public class InformationRecord(object messageData, string source)
{
    public object MessageData { get; } = messageData;

    public string Source { get; set; } = source;

    public List<string> Tags { get; } = [];

    public DateTime TimeGenerated { get; set; } = DateTime.Now;

    public override string ToString() => Conversion.ToText(MessageData);
}
