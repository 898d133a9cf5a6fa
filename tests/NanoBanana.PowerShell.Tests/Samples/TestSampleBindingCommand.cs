using System.Collections;
using System.Management.Automation;

namespace NanoBanana.PowerShell.Tests.Samples;

/// <summary>Writes which parameter set was chosen and what was bound.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SampleBinding", DefaultParameterSetName = "Path")]
[OutputType(typeof(string))]
public sealed class TestSampleBindingCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Literal")]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Version")]
    public Version InputObject { get; set; } = new Version();

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 5)]
    public int Number { get; set; } = 1;

    [Parameter(Position = 1)]
    public DayOfWeek Day { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public Hashtable Extra { get; set; } = new Hashtable();

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    protected override void ProcessRecord()
    {
        var bound = MyInvocation.BoundParameters
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key + "=" + Text(pair.Value));
        WriteInformation($"number {Number}", []);
        WriteObject(ParameterSetName + ": " + string.Join(" ", bound));
    }

    private static string Text<T>(T value) => value switch
    {
        string text => text,
        IEnumerable many => "[" + string.Join(",", many.Cast<object>().Select(Text)) + "]",
        DictionaryEntry entry => entry.Key + ":" + entry.Value,
        _ => $"{value}",
    };
}
