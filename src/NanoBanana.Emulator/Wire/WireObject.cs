namespace NanoBanana.Emulator.Wire;

/// <summary>
/// A JSON object of an answer, in order. Values are null, bool, string, int, long, double, byte memory (written as
/// base64), other wire objects and lists of all of these. A tree, so that a fault can bend it before it is written.
/// </summary>
internal sealed class WireObject : List<KeyValuePair<string, object?>>
{
    public object? this[string name]
    {
        get => Find(pair => pair.Key == name).Value;
        set
        {
            int index = FindIndex(pair => pair.Key == name);
            if (index >= 0) this[index] = new(name, value);
            else Add(name, value);
        }
    }

    public void Add(string name, object? value) => Add(new KeyValuePair<string, object?>(name, value));

    public void AddIfAny(string name, object? value)
    {
        if (value is not null) Add(name, value);
    }

    /// <summary>This object with the fields of another one behind its own.</summary>
    public WireObject Followed(WireObject other) => [.. this, .. other];

    public bool Remove(string name) => RemoveAll(pair => pair.Key == name) > 0;
}
