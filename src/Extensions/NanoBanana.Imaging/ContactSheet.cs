using NanoBanana.Extensions.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Imaging;

/// <summary>Draws a contact sheet. Pictures are decoded one after the other.</summary>
internal static class ContactSheet
{
    private const int Margin = 24;
    private const int Gap = 20;
    private const int Frame = 4;

    private static readonly Rgba32 Paper = new(0xF5, 0xF4, 0xF0);
    private static readonly Rgba32 Well = new(0xE6, 0xE3, 0xDB);
    private static readonly Rgba32 Ink = new(0x1C, 0x1A, 0x15);
    private static readonly Rgba32 Muted = new(0x68, 0x63, 0x58);
    private static readonly Rgba32 Accent = new(0xFF, 0xD2, 0x3F);

    /// <summary>Draws it.</summary>
    public static PictureResult Draw(
        IReadOnlyList<SheetCell> cells, SheetOptions options, PictureDecoder decoder,
            CancellationToken cancellationToken)
    {
        int scale = Math.Max(1, options.CellWidth / 160);
        int line = BitmapFont.LineHeight * scale;
        int columns =
            Math.Min(options.Columns > 0 ? options.Columns : (int)Math.Ceiling(Math.Sqrt(cells.Count)), cells.Count);
        var box = new Size(options.CellWidth, options.CellWidth * 3 / 4);
        int cellHeight = box.Height + (line * cells.Max(cell => cell.Lines.Length)) + (line / 2);
        int top = Margin + (options.Title is null ? 0 : line * 3);
        long width = (2L * Margin) + ((long)columns * (box.Width + Gap)) - Gap;
        long height = top + ((long)((cells.Count + columns - 1) / columns) * (cellHeight + Gap)) - Gap + Margin;
        PictureDecoder.CheckSize("contact sheet", width, height);

        using var sheet = new Image<Rgba32>((int)width, (int)height, Paper);
        if (options.Title is { } title)
        {
            BitmapFont.Draw(sheet, title, Margin, Margin, scale * 2, Ink, sheet.Width - (2 * Margin));
        }
        for (int i = 0; i < cells.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var place = new Rectangle(
                new Point(Margin + (i % columns * (box.Width + Gap)), top + (i / columns * (cellHeight + Gap))), box);
            DrawCell(sheet, cells[i], place, scale, decoder, cancellationToken);
        }
        return PictureConverter.Encode(sheet, options.Format);
    }

    private static void DrawCell(Image<Rgba32> sheet, SheetCell cell, Rectangle place, int scale,
        PictureDecoder decoder, CancellationToken cancellationToken)
    {
        if (cell.IsMarked) Fill(sheet, Rectangle.Inflate(place, Frame, Frame), Accent);
        Fill(sheet, place, Well);
        using (Image<Rgba32> picture = decoder.Decode(cell.Picture, cancellationToken))
        {
            picture.Mutate(edit => edit.Resize(new ResizeOptions { Size = place.Size, Mode = ResizeMode.Max }));
            var at = new Point(place.X + ((place.Width - picture.Width) / 2),
                place.Y + ((place.Height - picture.Height) / 2));
            sheet.Mutate(edit => edit.DrawImage(picture, at, 1));
        }
        for (int i = 0; i < cell.Lines.Length; i++)
        {
            int y = place.Bottom + (BitmapFont.LineHeight * scale * i) + (BitmapFont.LineHeight * scale / 2);
            BitmapFont.Draw(sheet, cell.Lines[i], place.X, y, scale, i == 0 ? Ink : Muted, place.Width);
        }
    }

    private static void Fill(Image<Rgba32> image, Rectangle area, Rgba32 color) => image.ProcessPixelRows(rows =>
    {
        for (int y = area.Top; y < area.Bottom; y++) rows.GetRowSpan(y).Slice(area.Left, area.Width).Fill(color);
    });
}
