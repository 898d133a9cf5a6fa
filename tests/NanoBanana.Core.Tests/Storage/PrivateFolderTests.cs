using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

public sealed class PrivateFolderTests
{
    [Fact]
    public void A_folder_is_used_only_if_it_is_no_link_and_only_this_user_can_write_it()
    {
        using var folder = new TemporaryFolder();
        string own = folder["own"], link = folder["link"], open = folder["open"], file = folder["file"];
        Assert.True(PrivateFolder.TryMake(own));
        Assert.True(PrivateFolder.TryMake(own));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(own));
        Directory.CreateSymbolicLink(link, own);
        Directory.CreateDirectory(open);
        File.SetUnixFileMode(open, (UnixFileMode)Convert.ToInt32("777", 8));
        File.WriteAllText(file, "");
        Assert.All(new[] { link, open, file }, path => Assert.False(PrivateFolder.TryMake(path)));
        // Root may make one over to somebody else.
        if (!Environment.IsPrivilegedProcess) return;
        Assert.Null(Batches.SmallDisk.Run("chown", "12345", own));
        Assert.False(PrivateFolder.TryMake(own));
    }
}
