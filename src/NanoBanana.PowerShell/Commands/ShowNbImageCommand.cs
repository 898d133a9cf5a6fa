using System.Management.Automation;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Images;
using NanoBanana.Terminals;

namespace NanoBanana.PowerShell.Commands;

/// <summary>Shows images in the terminal: by kitty, iTerm2 or sixel where it can, else in half blocks. Writes a plain
/// line where no terminal is.</summary>
[Cmdlet(VerbsCommon.Show, "NbImage", DefaultParameterSetName = InputSets.Object)]
[OutputType(typeof(NbImage))]
public sealed class ShowNbImageCommand : PictureCmdlet
{
    /// <summary>How to draw; detected from the environment when it is left out.</summary>
    [Parameter]
    public TerminalGraphics Protocol { get; set; } = TerminalGraphics.Auto;

    /// <summary>Columns at most, and never more than the window has; 80 when it is left out.</summary>
    [Parameter]
    [ValidateRange(4, 1000)]
    public int? Width { get; set; }

    /// <summary>Emit the images.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessImage(NbImage image)
    {
        TerminalGraphics how = Protocol == TerminalGraphics.Auto ? Detected() : Protocol;
        if (how == TerminalGraphics.None)
        {
            Host.UI?.WriteLine($"{image} ({image.Width}x{image.Height} {image.MimeType})");
        }
        else
        {
            int columns = Math.Min(Width ?? 80, WindowWidth() - 1);
            IImaging imaging = Imaging;
            if (!TryWork(() => TerminalPicture.Draw(imaging, image.ToSource(), how, columns), image, out string? text))
            {
                return;
            }
            // Written to the terminal directly, because in the pipeline it could end up in a file.
            Host.UI?.Write(text!);
        }
        if (PassThru) WriteObject(image);
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth < 5 ? 81 : Console.WindowWidth;
        }
        catch (IOException)
        {
            // There is no console.
            return 81;
        }
    }

    private TerminalGraphics Detected()
    {
        bool isTerminal = Host.Name == "ConsoleHost" && !Console.IsOutputRedirected;
        return TerminalDetection.Detect(isTerminal, Environment.GetEnvironmentVariable);
    }
}
