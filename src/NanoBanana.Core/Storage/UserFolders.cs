namespace NanoBanana.Storage;

/// <summary>The user's own folders and files, outside any project.</summary>
public static class UserFolders
{
    /// <summary>The variable with another folder for all of them.</summary>
    public const string Variable = "NB_HOME";

    private const string Name = "NanoBanana.PowerShell";

    /// <summary>Presets of sizes that are added to the module's.</summary>
    public static string Presets => Path.Combine(Root(Environment.SpecialFolder.ApplicationData), "presets.json");

    /// <summary>Prompt templates that are added to the module's.</summary>
    public static string Prompts => Path.Combine(Root(Environment.SpecialFolder.ApplicationData), "prompts");

    /// <summary>The record of pictures that the service already has.</summary>
    public static string Uploads => Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "uploads");

    /// <summary>The file with the service's last statements about the retirement of models.</summary>
    public static string ModelStatuses =>
        Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "model-status.json");

    /// <summary>The file that counts searches, of which some are free.</summary>
    public static string Searches =>
        Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "searches.json");

    /// <summary>What calls cost, with a folder for each month.</summary>
    public static string Spending => Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "spending");

    /// <summary>What calls answered by the emulator would have cost.</summary>
    public static string Rehearsed => Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "rehearsed");

    /// <summary>Pictures that were paid for and could not be saved in their place.</summary>
    public static string Rescued => Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "rescued");

    /// <summary>Answers without a picture that were paid for, from calls without a folder.</summary>
    public static string Answers => Path.Combine(Root(Environment.SpecialFolder.LocalApplicationData), "answers");

    private static string Root(Environment.SpecialFolder folder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } home) return Path.GetFullPath(home);
        string known = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        // A service account may have no home folder.
        return Path.Combine(known.Length > 0 ? known : Path.GetTempPath(), Name);
    }
}
