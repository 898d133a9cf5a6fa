using FsCheck;
using FsCheck.Fluent;
using NanoBanana.Batches.Ledgers;

namespace NanoBanana.Tests.Batches;

public sealed class LedgerTests : IDisposable
{
    private readonly string _path =
        Path.Combine(Directory.CreateTempSubdirectory("nb-ledger-").FullName, "ledger.jsonl");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Written_lines_are_read_back()
    {
        var line = new LedgerEvent
        {
            Kind = LedgerEventKind.Saved,
            Item = "grün \"x\"",
            ItemKey = "k",
            RequestHash = "f",
            Model = "m",
            Mode = BatchMode.Batch,
            Job = "batches/1",
            Estimate = 0.0336m,
            Cost = 0.04m,
            File = "a/b.jpg",
            Sha256 = "s",
            Length = 12345678901,
            Modified = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234567),
            ErrorId = "e",
            ErrorKind = NbErrorKind.InvalidResult,
            Message = "m\nn",
            Advice = "a",
        };
        Write(line);
        LedgerEvent read = Assert.Single(LedgerFile.Read(_path).Events);
        Assert.Equal(line, read with { At = default });
    }

    [Fact]
    public void A_ledger_cut_anywhere_keeps_every_complete_line_and_can_be_continued()
    {
        Write([.. Enumerable.Range(0, 5).Select(Line)]);
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            int before = LedgerFile.Read(_path).Events.Count;
            Write(Line(99));
            LedgerFile after = LedgerFile.Read(_path);
            Assert.Empty(after.Warnings);
            Assert.Equal(before + 1, after.Events.Count);
            Assert.Equal("item-99", after.Events[^1].Item);
            int breaks = whole.AsSpan(0, length).Count((byte)'\n');
            Assert.InRange(before, Math.Max(0, breaks - 1), Math.Max(0, breaks));
        }
    }

    [Fact]
    public void A_changed_byte_costs_one_line_and_is_reported()
    {
        Write([.. Enumerable.Range(0, 5).Select(Line)]);
        byte[] whole = File.ReadAllBytes(_path);
        Gen<(int At, byte Mask)> changes =
            from at in Gen.Choose(0, whole.Length - 2) from mask in Gen.Choose(1, 255) select (at, (byte)mask);
        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            byte[] changed = [.. whole];
            changed[change.At] ^= change.Mask;
            if (whole[change.At] == '\n' || changed[change.At] == '\n') return true;
            File.WriteAllBytes(_path, changed);
            LedgerFile read = LedgerFile.Read(_path);
            return read.Warnings.Count == 1 && read.Events.Count >= 4;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lines_of_an_unknown_kind_are_ignored()
    {
        Write(Line(1));
        string text = File.ReadAllText(_path);
        Assert.Contains("planned", text, StringComparison.Ordinal);
        Assert.Single(LedgerFile.Read(_path).Events);
    }

    [Fact]
    public void Time_never_goes_backwards()
    {
        var later = new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using (Ledger ledger = Ledger.Open(_path, TimeProvider.System, later)) ledger.Append(Line(1));
        Assert.Equal(later, Assert.Single(LedgerFile.Read(_path).Events).At);
    }

    private static LedgerEvent Line(int number) =>
        new() { Kind = LedgerEventKind.Planned, Item = FormattableString.Invariant($"item-{number}"), ItemKey = "k" };

    private void Write(params LedgerEvent[] lines)
    {
        using Ledger ledger = Ledger.Open(_path, TimeProvider.System, default);
        foreach (LedgerEvent line in lines) ledger.Append(line);
    }
}
