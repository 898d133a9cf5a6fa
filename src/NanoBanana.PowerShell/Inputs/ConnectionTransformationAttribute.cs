using System.Management.Automation;
using NanoBanana.Gemini.Http;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Says why a connection that came from another process cannot be used; the engine's own message would only
/// say that it cannot be converted.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Copied = "Deserialized.NanoBanana.PowerShell." + nameof(NbConnection);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is not PSObject copy || !copy.TypeNames.Contains(Copied)) return inputData;
        NbException error = ConnectionErrors.Copied($"{copy}");
        throw new ArgumentTransformationMetadataException(ErrorRecords.Sentences(error));
    }
}
