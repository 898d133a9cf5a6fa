using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NanoBanana.Tests.Errors;

/// <summary>Every text that an assembly holds: its literals as they were compiled, and its resources.</summary>
internal static class AssemblyTexts
{
    public static IEnumerable<string> Literals(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        UserStringHandle at = MetadataTokens.UserStringHandle(0);
        while (!(at = reader.GetNextHandle(at)).IsNil) yield return reader.GetUserString(at);
    }

    /// <summary>The resources that front ends show to people; what is sent to a model is among them.</summary>
    public static IEnumerable<string> Resources(Assembly assembly)
    {
        foreach (string name in assembly.GetManifestResourceNames())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line) yield return line;
        }
    }
}
