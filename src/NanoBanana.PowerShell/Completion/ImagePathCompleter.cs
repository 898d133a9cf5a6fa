using System.Collections;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Paths of images, and of the folders on the way to them.</summary>
internal sealed class ImagePathCompleter : Completer
{
    protected override IEnumerable<CompletionResult> Results(string typed, IDictionary bound) =>
        CompletionCompleters.CompleteFilename(typed).Where(path =>
            path.ResultType == CompletionResultType.ProviderContainer
                ? Path.GetFileName(path.ToolTip) != BlobStore.FolderName
            : ImageFile.HasImageExtension(path.ToolTip));
}
