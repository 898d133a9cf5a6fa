using NanoBanana.Storage;

namespace NanoBanana.Tests.Storage;

public sealed class PrivateFolderTests
{
    [Fact]
    public void A_folder_of_this_user_alone_is_used_and_a_link_or_one_that_others_write_is_not()
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
