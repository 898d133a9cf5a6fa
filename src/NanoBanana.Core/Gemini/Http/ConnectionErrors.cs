using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Gemini.Http;

/// <summary>What can be wrong with a connection and its key.</summary>
public static class ConnectionErrors
{
    /// <summary>No key where one is needed.</summary>
    public static NbException NoKey() => Error(
        "Nb.Connection.NoKey", NbErrorKind.AuthenticationError,
        "There is no API key: neither GOOGLE_API_KEY nor GEMINI_API_KEY is set.",
        "Give the key of https://aistudio.google.com/apikey: {way:giveKey}. "
        + "Or try everything without a key: {way:connectOffline}.");

    /// <summary>No key and no connection, where another runspace of the session has one.</summary>
    public static NbException NotInRunspace() => Error(
        "Nb.Connection.NoKey", NbErrorKind.AuthenticationError,
        "This runspace has no connection, and no key is set in the environment. The session's own connection is not seen here.",
        "Pass it on: {way:passConnection}. "
        + "Or give a key: {way:giveKey}. Or try everything without one: {way:connectOffline}.");

    /// <summary>A connection that was disconnected.</summary>
    /// <param name="connection">What it was connected to.</param>
    public static NbException Closed(string connection) => Error(
        "Nb.Connection.Closed", NbErrorKind.ConnectionError, $"The connection to {connection} was disconnected.",
        "Connect again with {command:connect}.");

    /// <summary>A connection passed to another process, which does not have its key.</summary>
    /// <param name="connection">What it was connected to.</param>
    public static NbException Copied(string connection) => Error(
        "Nb.Connection.Copied", NbErrorKind.InvalidArgument,
        $"This is a copy of the connection to {connection} in another process: its key stayed there.",
        "Connect here with {command:connect}, or {way:shareConnections}.");

    /// <summary>An empty access token, such as the output of a failed program.</summary>
    public static NbException NoToken() => Error(
        "Nb.Connection.NoToken", NbErrorKind.AuthenticationError, "The access token is empty.",
        "Check what gcloud auth print-access-token prints, or use the Application Default Credentials: {way:connectWithCredentials}.");

    /// <summary>No Application Default Credentials, or none that can be used.</summary>
    /// <param name="why">What was found, or not.</param>
    /// <param name="inner">What Google's library said.</param>
    public static NbException NoCredentials(string why, Exception inner) => Error(
        "Nb.Connection.NoCredentials", NbErrorKind.AuthenticationError,
            $"There are no Application Default Credentials: {why}",
        "Three ways out: gcloud auth application-default login; or set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account; "
        + "or {way:connectWithToken}.", inner: inner);

    /// <summary>Credentials for which Google gives no token.</summary>
    /// <param name="why">The token service's words.</param>
    /// <param name="inner">What Google's library said.</param>
    public static NbException TokenRefused(string why, Exception inner) => Error(
        "Nb.Connection.TokenRefused", NbErrorKind.AuthenticationError,
            $"Google gives no token for these credentials: {why}",
        "Log in again (gcloud auth application-default login), or check that the service account and its key still exist and that the clock of this computer is right.",
        inner: inner);

    /// <summary>A secret that Get-Secret does not return.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="why">What is wrong.</param>
    /// <param name="inner">What Get-Secret said.</param>
    public static NbException SecretUnavailable(string name, string why, Exception? inner = null) => Error(
        "Nb.Connection.SecretUnavailable", NbErrorKind.AuthenticationError,
            $"The secret '{name}' cannot be read: {why}",
        Filled("Store it: {way:storeSecret}.", name), name, inner);

    /// <summary>Vertex AI without a project.</summary>
    internal static NbException NoProject() => Error(
        "Nb.Connection.NoProject", NbErrorKind.InvalidArgument,
        "The environment asks for Vertex AI (GOOGLE_GENAI_USE_ENTERPRISE or GOOGLE_GENAI_USE_VERTEXAI), and names no project.",
        "Name one: {way:nameProject}; or unset the variable to use the Gemini API with a key.");

    /// <summary>A name that none of the service's APIs has.</summary>
    /// <param name="name">The name.</param>
    /// <param name="origin">Where it was read.</param>
    public static NbException UnknownApi(string name, string origin) => Error(
        "Nb.Connection.UnknownApi", NbErrorKind.InvalidArgument,
        $"'{name}' ({origin}) is no way to ask models by.", "Write GenerateContent or Interactions.", name);

    /// <summary>A header that cannot be sent.</summary>
    /// <param name="name">Its name; its value is a secret.</param>
    /// <param name="why">As a sentence.</param>
    internal static NbException InvalidHeader(string name, string why) => Error(
        "Nb.Connection.InvalidHeader", NbErrorKind.InvalidArgument, $"The header '{name}' cannot be sent: {why}",
        "Write a name and a value, such as: {way:giveHeader}.", name);
}
