namespace NanoBanana.Gemini.Http;

/// <summary>Keeps the account of one call that may be billed: it is asked before each try and told how each
/// ended.</summary>
/// <remarks>Called from any thread, one call at a time. Free calls (uploads, questions) have none.</remarks>
internal interface ICallScope
{
    /// <summary>A try is about to be sent: from here on it may be billed. Whatever is to be on record first is written
    /// here.</summary>
    /// <param name="attempt">Which try, from 1.</param>
    /// <exception cref="NbException">It may not be sent. The call ends with this error, or with that of an earlier try
    /// that may have been billed.</exception>
    void OnSending(int attempt);

    /// <summary>The service named the answer before it was whole: by this id it can be fetched when the connection
    /// breaks.</summary>
    /// <param name="answerId">The service's own id.</param>
    /// <exception cref="NbException">It could not be put on record; the call goes on being read.</exception>
    void OnIdentified(string answerId);

    /// <summary>A try gave no answer. Unless the error is uncertain, it was not carried out, and not billed.</summary>
    /// <param name="error">Why.</param>
    /// <param name="isTriedAgain">Whether another try follows, which is asked for by <see cref="OnSending"/>.</param>
    void OnFailed(NbException error, bool isTriedAgain);

    /// <summary>The whole answer is in.</summary>
    void OnAnswered();
}
