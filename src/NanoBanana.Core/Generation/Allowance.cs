using NanoBanana.Storage;

namespace NanoBanana.Generation;

/// <summary>Money that all calls of a connection may cost together, in a session, a day, a week or a month. A day, week
/// or month includes what the user's other sessions spent. Thread-safe.</summary>
public sealed class Allowance
{
    private readonly object _gate = new();
    private readonly SpendingLog? _log;
    private readonly TimeProvider _time;
    private decimal _taken;
    private decimal _spent;

    private Allowance(decimal? limit, SpendingPeriod period, string? folder, TimeProvider? time)
    {
        Limit = limit;
        Period = period;
        _log = folder is null ? null : SpendingLog.In(folder);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>USD that may be spent; null for no limit: then spending is only recorded.</summary>
    public decimal? Limit { get; }

    /// <summary>How long it lasts.</summary>
    public SpendingPeriod Period { get; }

    /// <summary>The allowance of this user.</summary>
    /// <param name="limit">USD; null for no limit.</param>
    /// <param name="period">How long it lasts.</param>
    /// <param name="isRehearsal">Whether no money is spent, because the emulator answers.</param>
    public static Allowance OfUser(decimal? limit, SpendingPeriod period, bool isRehearsal) =>
        In(isRehearsal ? UserFolders.Rehearsed : UserFolders.Spending, limit, period);

    /// <summary>The allowance of this user, with its log in another folder.</summary>
    internal static Allowance In(
        string folder, decimal? limit, SpendingPeriod period, TimeProvider? time = null) =>
        new(limit, period, folder, time);

    /// <summary>USD that is left, after subtracting what is set aside for calls in flight, here and in other processes
    /// of this user; null for no limit.</summary>
    public decimal? Left
    {
        get
        {
            lock (_gate)
            {
                return Limit is not { } limit ? null : Math.Max(0, limit - _taken
                    - (Period.Start(_time.GetUtcNow()) is { } day && _log is not null
                        ? _log.Since(day, this) : _spent));
            }
        }
    }

    /// <summary>Sets money aside for a call.</summary>
    /// <param name="amount">USD it may cost at most.</param>
    /// <param name="usual">USD it usually costs at most: so much of it do other processes count meanwhile.</param>
    /// <returns>Null when so much is not left.</returns>
    internal AllowanceShare? TryTake(decimal amount, decimal usual)
    {
        lock (_gate)
        {
            bool isLimited = amount > 0 && Limit is not null;
            using FolderLock? turn = isLimited && Period != SpendingPeriod.Session ? _log?.Turn() : null;
            if (isLimited && amount > Left) return null;
            var share = new AllowanceShare(amount, Math.Min(usual, amount), _time.GetUtcNow());
            _taken += amount;
            _log?.Begin(this, share.At, share.Usual);
            return share;
        }
    }

    internal void Settle(AllowanceShare share, decimal cost)
    {
        lock (_gate)
        {
            _taken -= share.Amount;
            _spent += cost;
            // What it cost stands there before the note is taken back: whoever looks between sees it twice, not never.
            _log?.Add(_time.GetUtcNow(), cost);
            _log?.End(this, share.At, share.Usual);
        }
    }
}
