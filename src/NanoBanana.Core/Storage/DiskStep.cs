namespace NanoBanana.Storage;

/// <summary>A step of <see cref="Disk"/>.</summary>
internal enum DiskStep
{
    /// <summary>A file's bytes are on disk.</summary>
    FlushFile,

    /// <summary>A file was renamed.</summary>
    Rename,

    /// <summary>The names in a folder are on disk.</summary>
    FlushFolder,

    /// <summary>A file was deleted.</summary>
    Delete,
}
