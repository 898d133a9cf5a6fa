namespace NanoBanana.Gemini.Http;

/// <summary>Accounts for one call that may be billed: it is asked before each try and notified of the end of
/// each.</summary>
/// <remarks>Called from any thread, one call at a time. Free calls (uploads, queries) have none.</remarks>
internal interface ICallScope
{
    /// <summary>Called before a try is sent, after which it may be billed. Records that must exist first are written
    /// here.</summary>
    /// <param name="attempt">Which try, from 1.</param>
    /// <exception cref="NbException">It may not be sent. The call ends with this error, or with that of an earlier try
    /// that may have been billed.</exception>
    void OnSending(int attempt);

    /// <summary>Called when the service has given the answer an id before it is complete: with the id it can be fetched
    /// if the connection breaks.</summary>
    /// <param name="answerId">The service's own id.</param>
    /// <exception cref="NbException">The id could not be recorded; the call continues.</exception>
    void OnIdentified(string answerId);

    /// <summary>Called when a try gave no answer. Unless the error is uncertain, it was not carried out, and not
    /// billed.</summary>
    /// <param name="error">Why.</param>
    /// <param name="isTriedAgain">Whether another try follows, announced by <see cref="OnSending"/>.</param>
    void OnFailed(NbException error, bool isTriedAgain);

    /// <summary>Called when the complete answer has been received.</summary>
    void OnAnswered();
}
