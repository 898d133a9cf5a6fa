namespace NanoBanana.Emulator.Drawing;

/// <summary>
/// The picture as shapes in relative coordinates, so that the same seed is the same composition at any size. It is
/// drawn
/// row by row in flat colors: calm to look at, and fast to write at 4K.
/// </summary>
internal sealed class Scene
{
    private const int BackgroundSteps = 16;

    // Squares of whole blocks of a JPEG, small beside what a perceptual hash sees.
    private const int GrainSize = 16;
    private const int GrainLevels = 6;
    private readonly int _width;
    private readonly int _height;
    private readonly Rgb[] _background = new Rgb[BackgroundSteps];
    private readonly List<Shape> _shapes = [];
    private readonly IReadOnlyList<EmulatorBand> _bands;
    private readonly int _bandHeight;
    private readonly double _drift;
    private readonly Raster? _canvas;
    private readonly int _hue;
    private readonly int _grain;

    public Scene(EmulatorPicture picture, PixelSize size)
    {
        _width = size.Width;
        _height = size.Height;
        _canvas = picture.Canvas;
        // What the edits before did to a photo stands in its pixels.
        _hue = _canvas is null ? picture.Hue : picture.CanvasHue;
        _grain = GrainLevels * (_canvas is null ? picture.Restyled : picture.CanvasRestyled);
        // A photo is not drawn over: its text says which references were used.
        _bands = _canvas is null ? picture.Bands : [];
        _drift = _canvas is null ? picture.Drift : picture.CanvasDrift;
        _bandHeight = BandHeight(_height, _bands.Count);
        if (_canvas is not null)
        {
            // The additions of earlier edits are in its pixels.
            foreach (ulong accent in picture.Accents.TakeLast(1)) AddAccent(accent);
            return;
        }

        SplitMix64 stream = new(picture.Seed);
        int hue = stream.Below(360);
        for (int step = 0; step < BackgroundSteps; step++)
        {
            _background[step] = Faded(Rgb.FromHsl(hue, 0.35, 0.86 - (step * 0.018)));
        }
        int count = 5 + stream.Below(4);
        for (int index = 0; index < count; index++)
        {
            Add(Shape.Draw(ref stream, hue + 20 + (index * 37), lightness: 0.55, largest: 0.34, lowest: 80));
        }

        // An edit's addition must be visible, so it is in the upper half, above all bands.
        foreach (ulong accent in picture.Accents) AddAccent(accent);
    }

    /// <summary>The height of one band in pixels: all bands together take at most half of the picture.</summary>
    public static int BandHeight(int height, int count) =>
        count == 0 ? 0 : Math.Max(1, Math.Min(height / 16, height / 2 / count) / 8 * 8);

    public void DrawRow(int y, Span<Rgb> row)
    {
        int firstBandRow = _height - (_bandHeight * _bands.Count);
        if (y >= firstBandRow)
        {
            EmulatorBand band = _bands[(y - firstBandRow) / _bandHeight];
            // In its own color, whatever became of the scene: it tells of a reference.
            row.Fill(Darkened(new Rgb(band.Red, band.Green, band.Blue)));
            return;
        }

        if (_canvas is not null)
        {
            DrawCanvas(y, row);
            foreach (Shape shape in _shapes) shape.DrawRow(y, _width, _height, row);
            AddGrain(y, row);
            return;
        }

        // Steps change at multiples of eight rows: a JPEG block is then flat, and flat blocks cost nothing.
        row.Fill(_background[y / 8 * 8 * BackgroundSteps / _height]);
        foreach (Shape shape in _shapes) shape.DrawRow(y, _width, _height, row);
        AddGrain(y, row);
    }

    private void AddGrain(int y, Span<Rgb> row)
    {
        if (_grain == 0) return;
        for (int x = 0; x < row.Length; x++)
        {
            row[x] = row[x].Brighter(((x / GrainSize) + (y / GrainSize)) % 2 == 0 ? _grain : -_grain);
        }
    }

    private void DrawCanvas(int y, Span<Rgb> row)
    {
        int line = (int)((long)y * _canvas!.Height / _height);
        for (int x = 0; x < row.Length; x++)
        {
            row[x] = Faded(_canvas[(int)((long)x * _canvas.Width / _width), line]);
        }
    }

    private void AddAccent(ulong accent)
    {
        SplitMix64 stream = new(accent);
        Add(Shape.Draw(ref stream, stream.Below(360), lightness: 0.42, largest: 0.2, lowest: 40));
    }

    private void Add(Shape shape) => _shapes.Add(shape with { Color = Faded(shape.Color) });

    // Every edit of a real model darkens parts it was not asked to change.
    private Rgb Faded(Rgb color) => Darkened(_hue == 0 ? color : color.Turned(_hue));

    private Rgb Darkened(Rgb color) =>
        _drift == 0 ? color : new Rgb(Faded(color.R), Faded(color.G), Faded(color.B));

    private byte Faded(byte level) => (byte)Math.Round(Math.Max(0, level - _drift));

    private enum Figure
    {
        Disc,
        Ring,
        Diamond,
        Bar,
    }

    private sealed record Shape(Figure Figure, double X, double Y, double Radius, Rgb Color)
    {
        public static Shape Draw(ref SplitMix64 stream, int hue, double lightness, double largest, int lowest) => new(
            (Figure)stream.Below(4),
            (10 + stream.Below(80)) / 100.0,
            (10 + stream.Below(lowest)) / 100.0,
            largest * (40 + stream.Below(61)) / 100.0,
            Rgb.FromHsl(hue % 360, 0.5, lightness));

        public void DrawRow(int y, int width, int height, Span<Rgb> row)
        {
            double radius = Radius * Math.Min(width, height);
            double dy = Math.Abs(y + 0.5 - (Y * height));
            if (dy >= radius) return;

            double center = X * width;
            double half = Figure switch
            {
                Figure.Diamond => radius - dy,
                Figure.Bar => dy < radius / 3 ? radius * 1.5 : 0,
                _ => Math.Sqrt((radius * radius) - (dy * dy)),
            };
            double hole = radius * 0.6;
            if (Figure == Figure.Ring && dy < hole)
            {
                double inner = Math.Sqrt((hole * hole) - (dy * dy));
                Fill(row, center - half, center - inner);
                Fill(row, center + inner, center + half);
            }
            else
            {
                Fill(row, center - half, center + half);
            }
        }

        private void Fill(Span<Rgb> row, double from, double to)
        {
            int start = Math.Clamp((int)Math.Round(from), 0, row.Length);
            int end = Math.Clamp((int)Math.Round(to), start, row.Length);
            row[start..end].Fill(Color);
        }
    }
}
