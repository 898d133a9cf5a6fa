namespace NanoBanana.Batches.Manifests;

/// <summary>Checks a manifest as a whole: names, files, and the graph of its items.</summary>
internal static class ManifestChecker
{
    public static void Check(Manifest manifest, string? source, List<NbException> problems)
    {
        // If items are broken, an error that there are no items would only confuse.
        if (manifest.Items.IsEmpty && problems.Count == 0) problems.Add(ManifestErrors.Empty(source));
        CheckItems(manifest, source, problems);
        CheckNames(manifest, source, problems);
        CheckAnchors(manifest, source, problems);
        CheckCycles(manifest, source, problems);
    }

    private static void CheckItems(Manifest manifest, string? source, List<NbException> problems)
    {
        HashSet<string> names = [.. manifest.Items.Select(item => item.Name)];
        foreach (ManifestItem item in manifest.Items)
        {
            string place = ManifestErrors.Place(source, item.Position);
            string subject = item.Name.Length == 0 ? "An item" : $"The item '{item.Name}'";
            if (item.Name.Length == 0) problems.Add(ManifestErrors.MissingField(place, subject, "name"));
            else if (ItemPath.Problem(item, place) is { } problem) problems.Add(problem);

            if (item.From is null && item.Edit is null)
            {
                if (string.IsNullOrWhiteSpace(item.Prompt))
                {
                    problems.Add(ManifestErrors.MissingField(place, subject, "prompt"));
                }
            }
            else if (item.Prompt is not null) problems.Add(ManifestErrors.AmbiguousItem(place, subject));
            else if (item.From is null) problems.Add(ManifestErrors.MissingField(place, subject, "from"));
            else if (string.IsNullOrWhiteSpace(item.Edit))
            {
                problems.Add(ManifestErrors.MissingField(place, subject, "edit"));
            }
            else if (!names.Contains(item.From) && item.FromSha256 is null && !File.Exists(manifest.Resolve(item.From)))
            {
                problems.Add(ManifestErrors.MissingSource(place, item.Name, item.From, Nearest.To(item.From, names)));
            }
        }
    }

    private static void CheckNames(Manifest manifest, string? source, List<NbException> problems)
    {
        var names = new Dictionary<string, ManifestItem>(StringComparer.Ordinal);
        var files = new Dictionary<string, ManifestItem>(StringComparer.OrdinalIgnoreCase);
        foreach (ManifestItem item in manifest.Items.Where(item => item.Name.Length > 0))
        {
            string place = ManifestErrors.Place(source, item.Position);
            if (!names.TryAdd(item.Name, item))
            {
                problems.Add(ManifestErrors.DuplicateName(place, "item", item.Name, names[item.Name].Position));
            }
            else if (ItemPath.StemOf(item) is var stem && !files.TryAdd(ItemPath.Comparable(stem), item))
            {
                problems.Add(ManifestErrors.SameFile(place, files[ItemPath.Comparable(stem)].Name, item.Name, stem));
            }
        }
    }

    private static void CheckAnchors(Manifest manifest, string? source, List<NbException> problems)
    {
        var names = new Dictionary<string, ManifestAnchor>(StringComparer.OrdinalIgnoreCase);
        foreach (ManifestAnchor anchor in manifest.Anchors)
        {
            if (!names.TryAdd(anchor.Name, anchor))
            {
                problems.Add(ManifestErrors.DuplicateName(
                    ManifestErrors.Place(source, anchor.Position), "anchor", anchor.Name, names[anchor.Name].Position));
            }
        }
    }

    // Every item has one source at most, so a walk along the sources meets any cycle.
    private static void CheckCycles(Manifest manifest, string? source, List<NbException> problems)
    {
        var items = new Dictionary<string, ManifestItem>(StringComparer.Ordinal);
        foreach (ManifestItem item in manifest.Items) items.TryAdd(item.Name, item);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (ManifestItem start in items.Values)
        {
            var walk = new List<string>();
            for (ManifestItem? item = start; item is not null; item = item.From is { } from
                ? items.GetValueOrDefault(from) : null)
            {
                if (done.Add(item.Name))
                {
                    walk.Add(item.Name);
                    continue;
                }
                int seen = walk.IndexOf(item.Name);
                if (seen >= 0)
                {
                    problems.Add(
                        ManifestErrors.Cycle(ManifestErrors.Place(source, item.Position),
                        [.. walk[seen..], item.Name]));
                }
                break;
            }
        }
    }
}
