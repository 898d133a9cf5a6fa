namespace NanoBanana.Extensions.Imaging;

/// <summary>How a contact sheet is laid out.</summary>
/// <param name="Columns">Cells in a row; 0 for as many as make the sheet nearly square.</param>
/// <param name="CellWidth">Width of a picture's place in pixels, 64 to 2048; its height is three quarters of
/// it.</param>
/// <param name="Title">Stands above; null for none.</param>
/// <param name="Format">png, jpeg or webp.</param>
public sealed record SheetOptions(int Columns = 0, int CellWidth = 320, string? Title = null, string Format = "png");
