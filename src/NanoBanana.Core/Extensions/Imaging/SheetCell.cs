using System.Collections.Immutable;

namespace NanoBanana.Extensions.Imaging;

/// <summary>A picture on a contact sheet.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Lines">Its caption, line by line.</param>
/// <param name="IsMarked">Whether it is framed, as anchors are.</param>
public sealed record SheetCell(PictureSource Picture, ImmutableArray<string> Lines, bool IsMarked = false);
