using System.Collections.ObjectModel;
using System.Management.Automation;
using NanoBanana.Images;
using NanoBanana.PowerShell.Inputs;
using NanoBanana.Storage;

namespace NanoBanana.PowerShell;

/// <summary>What every cmdlet here shares: it can be stopped, waits on the pipeline's own thread, and says errors in full.</summary>
public abstract class NbCmdlet : PSCmdlet, IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when the pipeline stops, by Ctrl+C or because nobody downstream wants more.</summary>
    protected CancellationToken Stopped => _stopping.Token;

    /// <summary>The cmdlet's progress; null where it has none to show.</summary>
    private protected ProgressMeter? Progress { get; set; }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>After Select-Object -First only this runs: it cancels too.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Waits on the pipeline's thread; Ctrl+C ends the wait at once.</summary>
    protected T Await<T>(Task<T> task)
    {
        try
        {
            while (Task.WaitAny([task], (int)Beat.TotalMilliseconds, Stopped) < 0) OnWaiting();
            OnWaiting();
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Stopped.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Runs on the pipeline's thread about five times a second while it waits.</summary>
    protected virtual void OnWaiting()
    {
    }

    /// <summary>Reports an error and goes on; one that would meet every other item too ends the pipeline.</summary>
    protected void Report(NbException error, object? target = null)
    {
        ErrorRecord record = ErrorRecords.From(error, target);
        Finally(() =>
        {
            if (error.Kind == NbErrorKind.AuthenticationError) ThrowTerminatingError(record);
            WriteError(record);
        });
    }

    /// <summary>Runs something that an <see cref="NbException"/> may end, and reports that.</summary>
    /// <returns>Whether it came to its end.</returns>
    protected bool Try(Action action, object? target = null)
    {
        NbException error;
        try
        {
            action();
            return true;
        }
        catch (NbException e)
        {
            error = e;
        }
        // Outside the catch: WriteError may itself end the pipeline.
        Report(error, target);
        return false;
    }

    /// <summary>Asks before something is sent, written or removed, as -WhatIf, -Confirm and the preferences want it; -Force answers yes.</summary>
    private protected bool Approved(string target, string action, bool force) =>
        (force && !Preferences.WhatIf(this)) || ShouldProcess(target, action);

    /// <summary>Asks in a sentence of one's own.</summary>
    private protected bool ApprovedSentence(string sentence, string caption, bool force) =>
        (force && !Preferences.WhatIf(this)) || ShouldProcess(sentence, $"{sentence}\nGo on?", caption);

    /// <summary>Writes an object; when nobody wants more after it, the progress is taken down.</summary>
    protected void Emit(object output) => Finally(() => WriteObject(output));

    /// <summary>Runs something whose failure ends the pipeline.</summary>
    protected T Demand<T>(Func<T> get)
    {
        try
        {
            return get();
        }
        catch (NbException e)
        {
            Progress?.Complete();
            ThrowTerminatingError(ErrorRecords.From(e));
            throw;
        }
    }

    /// <summary>The full path of one that need not exist: relative to the shell's location, not the process's.</summary>
    protected string FullPath(string path)
    {
        try
        {
            string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" && !full.Contains('\0', StringComparison.Ordinal) ? full : throw FileErrors.NotAFilePath(path);
        }
        // A drive or provider that does not exist, such as the http of an address.
        catch (SessionStateException)
        {
            throw FileErrors.NotAFilePath(path);
        }
    }

    /// <summary>The full path, or null for none.</summary>
    protected string? FullPathOrNull(string? path) => string.IsNullOrEmpty(path) ? null : FullPath(path);

    /// <summary>The full path of a file to write, in a folder unless it says itself where it is; null for none.</summary>
    /// <param name="folder">Full path; null for the shell's location.</param>
    /// <param name="file">As typed.</param>
    /// <exception cref="NbException">It names a folder, or no path of the file system.</exception>
    private protected string? FullPathIn(string? folder, string? file)
    {
        // In full, '.' would be the folder's own name, and the picture lie beside it.
        if (file is { Length: > 0 } && Path.GetFileName(file) is "" or "." or "..") throw FileErrors.IsFolder(file);
        bool isElsewhere = folder is null || string.IsNullOrEmpty(file) || file[0] == '~'
            || file.Contains(':', StringComparison.Ordinal) || Path.IsPathRooted(file);
        return isElsewhere ? FullPathOrNull(file) : Path.GetFullPath(file!, folder!);
    }

    /// <summary>The full paths that a path means.</summary>
    /// <param name="path">The path as typed; a file of that very name, such as photo[1].png, comes before what it matches.</param>
    /// <param name="literal">Whether wildcards are plain characters.</param>
    /// <exception cref="NbException">It means none, or no file.</exception>
    protected IReadOnlyCollection<string> FullPaths(string path, bool literal)
    {
        // The engine would take nothing for the folder it is in.
        if (string.IsNullOrWhiteSpace(path)) throw FileErrors.NotFound(path);
        if (literal || IsThere(path)) return [FullPath(path)];
        Collection<string> found;
        try
        {
            found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (provider.Name != "FileSystem") throw FileErrors.NotAFilePath(path);
        }
        catch (ItemNotFoundException)
        {
            throw FileErrors.NotFound(FullPath(path));
        }
        catch (Exception e) when (e is SessionStateException or WildcardPatternException)
        {
            throw FileErrors.NotAFilePath(path);
        }
        return found.Count > 0 ? found : throw FileErrors.NotFound(path);
    }

    /// <summary>The images that something typed or piped means.</summary>
    /// <param name="input">Images, files, paths, bytes, addresses, or rows that name a path.</param>
    /// <param name="literal">Whether wildcards in paths are plain characters.</param>
    /// <exception cref="NbException">It means none.</exception>
    private protected IReadOnlyList<NbImage> ImagesOf(object? input, bool literal = false) => [.. ImageInput.Resolve(
        input, path => PicturePaths(path, literal), address => Await(ImageAddress.FetchAsync(address, Stopped)))];

    /// <summary>Whether a path means whatever matches it.</summary>
    private protected bool IsPattern(string path, bool literal) =>
        !literal && WildcardPattern.ContainsWildcardCharacters(path) && !IsThere(path);

    private bool IsThere(string path) =>
        WildcardPattern.ContainsWildcardCharacters(path) && FullPath(path) is var full && (File.Exists(full) || Directory.Exists(full));

    // A wildcard means the pictures, not what is kept beside them.
    private IReadOnlyCollection<string> PicturePaths(string path, bool literal)
    {
        IReadOnlyCollection<string> found = FullPaths(path, literal);
        if (!IsPattern(path, literal)) return found;
        string[] pictures = [.. found.Where(file => !ImageFile.IsSidecar(file) && !Directory.Exists(file))];
        return pictures.Length > 0 ? pictures : throw FileErrors.NotFound(path);
    }

    /// <summary>Warns when a picture could not keep the extension that was typed: its bytes are what the service sent.</summary>
    private protected void TellExtension(string typed, NbImage saved)
    {
        string wanted = Path.GetExtension(typed);
        string got = Path.GetExtension(saved.Path)!;
        if (!ImageFile.HasImageExtension(typed) || string.Equals(wanted, got, StringComparison.OrdinalIgnoreCase)) return;
        WriteWarning($"Saved as {Path.GetFileName(saved.Path)}, not {wanted}: the picture is {saved.MimeType}. Convert-NbImage -Format makes another of it.");
    }

    // Whatever ends the pipeline from within a write, the progress goes with it.
    private void Finally(Action write)
    {
        bool isDone = false;
        try
        {
            write();
            isDone = true;
        }
        finally
        {
            if (!isDone) Progress?.Complete();
        }
    }
}
