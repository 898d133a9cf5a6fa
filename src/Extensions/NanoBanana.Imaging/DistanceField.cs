namespace NanoBanana.Imaging;

/// <summary>Distances of pixels from marked ones, in horizontal and vertical steps.</summary>
internal static class DistanceField
{
    /// <summary>Steps from each value to the nearest 0; two passes.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="width">Values in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="most">The largest counted distance, 1 to 254.</param>
    public static byte[] ToZero(byte[] values, int width, int height, int most)
    {
        byte far = (byte)Math.Min(most, 254);
        byte[] distance = new byte[values.Length];
        for (int at = 0; at < values.Length; at++) distance[at] = values[at] == 0 ? (byte)0 : far;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++) Near(y, x, -1);
        }
        for (int y = height - 1; y >= 0; y--)
        {
            for (int x = width - 1; x >= 0; x--) Near(y, x, 1);
        }
        return distance;

        void Near(int y, int x, int step)
        {
            int at = (y * width) + x, least = distance[at];
            if (x + step >= 0 && x + step < width) least = Math.Min(least, distance[at + step] + 1);
            if (y + step >= 0 && y + step < height) least = Math.Min(least, distance[at + (step * width)] + 1);
            distance[at] = (byte)Math.Min(least, far);
        }
    }
}
