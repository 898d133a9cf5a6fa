using System.Collections.Immutable;
using System.Management.Automation;
using NanoBanana.Images;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Makes images of JSON that Google's SDKs write: contents, a chat's history, a response.</summary>
[Cmdlet(VerbsData.ConvertTo, "NbImage")]
[OutputType(typeof(NbImage))]
public sealed class ConvertToNbImageCommand : NbCmdlet
{
    private readonly List<string> _lines = [];
    private readonly List<object> _objects = [];

    /// <summary>The JSON, as one text or line by line, or objects of ConvertFrom-Json.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object[] InputObject { get; set; } = [];

    /// <summary>The prompt, if the JSON has only the response.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Prompt { get; set; }

    /// <summary>Id of the model that answered, if the JSON does not have it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object one in InputObject)
        {
            if (one is string or PSObject { BaseObject: string }) _lines.Add($"{one}");
            else _objects.Add(one);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // The pipeline passes a list one by one, so all input together is one conversation.
        if (_lines.Count > 0) Write(string.Join('\n', _lines));
        if (_objects.Count > 0) Write(Json(_objects.ToArray()));
    }

    private void Write(string json)
    {
        ImmutableArray<NbImage> images = [];
        if (!Try(() => images = Await(GeminiContents.ReadAsync(json, Prompt, Model)))) return;
        if (images.Any(image => image.Conversation is null))
        {
            WriteWarning("The JSON does not say what was asked for, so an edit starts a new conversation from the picture. "
                + "With -Prompt it goes on.");
        }
        WriteObject(images, enumerateCollection: true);
    }

    // Deep enough for any answer.
    private string Json(object[] value) => $"{InvokeCommand.InvokeScript(
        "param($value) ConvertTo-Json -InputObject $value -Depth 100 -Compress", [value])[0]}";
}
