namespace NanoBanana.Storage;

/// <summary>What <see cref="Disk"/> did.</summary>
internal enum DiskStep
{
    /// <summary>A file's bytes are on disk.</summary>
    FlushFile,

    /// <summary>A file has its name.</summary>
    Rename,

    /// <summary>The names in a folder are on disk.</summary>
    FlushFolder,

    /// <summary>A file is gone.</summary>
    Delete,
}
