using System.CommandLine;
using NanoBanana.Generation;
using NanoBanana.Storage;

namespace NanoBanana.Cli.Serving;

/// <summary>The options of commands that make images for clients: folder, budget, parallel calls.</summary>
internal sealed class WorkspaceOptions
{
    private readonly Option<DirectoryInfo> _out = new("--out")
    {
        Description = "Folder of the images; created when missing. Nothing outside it is read or written.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<decimal?> _maxCost =
        new("--max-cost") { Description = "USD that may be spent while it runs.", HelpName = "USD" };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Most requests in flight at once.",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
    };

    private readonly Option<string?> _model =
        new("--model") { Description = "Model for requests that name none.", HelpName = "M" };

    private readonly ServiceOptions _service;

    public WorkspaceOptions(Command command)
    {
        _maxCost.Between(0);
        _parallel.Between(1);
        foreach (Option option in new Option[] { _out, _maxCost, _parallel, _model }) command.Options.Add(option);
        _service = new ServiceOptions().AddTo(command);
    }

    /// <summary>Full path of the folder.</summary>
    /// <exception cref="NbException">It is a file, or inside one.</exception>
    public string Folder(ParseResult parsed)
    {
        string folder = Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(_out).FullName);
        // Checked at the start, not after the first image was paid for.
        for (string? path = folder; path is not null; path = Path.GetDirectoryName(path))
        {
            if (File.Exists(path)) throw FileErrors.IsFile(path);
        }
        return folder;
    }

    /// <summary>The model for requests that name none; null for the default.</summary>
    public string? Model(ParseResult parsed) => parsed.GetValue(_model);

    /// <summary>Most requests in flight at once.</summary>
    public int Parallel(ParseResult parsed) =>
        // Every client needs a connection too.
        Math.Clamp(OpenFiles.MostParallel / 2, 1, parsed.GetValue(_parallel));

    /// <summary>The budget of all clients together.</summary>
    public Allowance Allowance(ParseResult parsed) => Generation.Allowance.OfUser(
        parsed.GetValue(_maxCost), SpendingPeriod.Session, _service.IsOffline(parsed));

    /// <summary>Connects.</summary>
    /// <exception cref="NbException">There is no key, or the address or the catalog cannot be used.</exception>
    public ImageService Connect(ParseResult parsed) => _service.Connect(parsed, isSending: true, isNoted: false);
}
