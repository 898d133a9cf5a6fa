using System.CommandLine;
using NanoBanana.Images;
using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Cli;

/// <summary><c>nb anchor</c>: manages anchors in a folder that can be shared.</summary>
internal static class AnchorCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "Letters, digits, - and _; left out, the anchors are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var pictures = new Argument<FileInfo[]>("PICTURE")
        {
            Description = "What it looks like; left out, the anchor is shown.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<DirectoryInfo> library = ImageCommand.LibraryOption();
        var role = new Option<ReferenceRole>("--role") { Description = "What it is.", HelpName = "ROLE" };
        var description = new Option<string?>("--description")
        {
            Description = "A fixed description, repeated in every prompt.", HelpName = "TEXT",
        };
        var remove = new Option<bool>("--remove") { Description = "Forget the anchor." };
        var command = new Command("anchor", "Set, show, list or remove anchors: nb anchor fox fox.jpg");
        command.Arguments.Add(name);
        command.Arguments.Add(pictures);
        foreach (Option option in new Option[] { library, role, description, remove }) command.Options.Add(option);
        command.SetAction(parsed => Run(new AnchorLibrary(parsed.GetRequiredValue(library).FullName),
            parsed.GetValue(name), parsed.GetValue(pictures)!, parsed.GetValue(role), parsed.GetValue(description),
            parsed.GetValue(remove)));
        return command;
    }

    private static int Run(AnchorLibrary library, string? name, FileInfo[] pictures, ReferenceRole role,
        string? description, bool remove)
    {
        var printer = new Printer();
        try
        {
            if (name is null)
            {
                foreach (string known in library.Names) Print(library.Find(known)!, printer);
                return ExitCode.Success;
            }
            if (remove)
            {
                if (!library.Remove(name)) throw AnchorErrors.Unknown(name, library.Names);
                return ExitCode.Success;
            }
            if (pictures.Length == 0)
            {
                Print(library.Find(name) ?? throw AnchorErrors.Unknown(name, library.Names), printer);
                return ExitCode.Success;
            }
            Print(library.Save(Anchor.Create(name, role, description,
                pictures.Select(file => ImageFile.Import(file.FullName).ToPicture()))), printer);
            return ExitCode.Success;
        }
        catch (NbException e)
        {
            printer.Error(e);
            return ExitCode.Usage;
        }
    }

    private static void Print(Anchor anchor, Printer printer) => printer.Line(
        $"{anchor.Name}: {anchor.Role}, {anchor.Pictures.Length} picture{(anchor.Pictures.Length == 1 ? "" : "s")}"
        + (anchor.Description is { } words ? $", {words}" : ""));
}
