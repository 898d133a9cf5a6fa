namespace NanoBanana.Storage;

/// <summary>Distinguishes a file that another process has open from one that cannot be opened at all: waiting helps
/// only with the first.</summary>
internal static class FileSharing
{
    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows, EWOULDBLOCK of Linux and of macOS.
    public static bool IsViolation(IOException e) => (e.HResult & 0xFFFF) is 32 or 33 or 11 or 35;
}
