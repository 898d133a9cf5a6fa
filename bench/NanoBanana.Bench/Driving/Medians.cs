namespace NanoBanana.Bench.Driving;

/// <summary>What the children of one case measured, by party, and the medians of it.</summary>
internal sealed class Medians
{
    private readonly Dictionary<string, List<Measure>> _measures = [];

    public IEnumerable<string> Parties => _measures.Keys;

    public Measure Ours => Of(Party.Ours);

    public Measure Official => Of(Party.Official);

    public Measure Curl => Of(Party.Curl);

    public Measure Nb => Of(Party.Nb);

    public void Add(string party, Measure measure)
    {
        if (!_measures.TryGetValue(party, out List<Measure>? list)) _measures[party] = list = [];
        list.Add(measure);
    }

    public Measure Of(string party)
    {
        List<Measure> all = _measures[party];
        return new Measure(
            Median(m => m.FirstWall), Median(m => m.FirstCpu), Median(m => m.Wall), Median(m => m.Cpu),
            Median(m => m.Idle), Median(m => m.Peak), Median(m => m.Total), all[0].Bytes) { Sent = all[0].Sent };

        double Median(Func<Measure, double> field) => all.Select(field).Order().ElementAt(all.Count / 2);
    }
}
