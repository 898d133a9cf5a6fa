namespace NanoBanana.Storage;

/// <summary>Work that serves all callers who asked before it began: concurrent callers share one run.</summary>
internal sealed class SharedTurn
{
    private readonly object _turn = new();
    private long _asked;
    private long _served;
    private long _refusedUntil;
    private IOException? _refusal;

    /// <summary>Does the work, or waits for another caller that begins it after this call.</summary>
    /// <exception cref="IOException">The work failed, for all callers it served: a system reports lost data only once,
    /// and a second flush would succeed.</exception>
    public void Run(Action work)
    {
        long own = Interlocked.Increment(ref _asked);
        lock (_turn)
        {
            if (_served >= own)
            {
                if (own <= _refusedUntil) throw new IOException(_refusal!.Message, _refusal);
                return;
            }
            long until = Interlocked.Read(ref _asked);
            try
            {
                work();
            }
            catch (IOException e)
            {
                _refusal = e;
                _refusedUntil = until;
                throw;
            }
            finally
            {
                _served = until;
            }
        }
    }
}
