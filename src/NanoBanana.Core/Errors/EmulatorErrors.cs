using static NanoBanana.Errors.NbErrors;

namespace NanoBanana.Errors;

/// <summary>What can be wrong with the emulator and its settings.</summary>
public static class EmulatorErrors
{
    /// <summary>A fault script that cannot be understood.</summary>
    public static NbException FaultScriptInvalid(Exception inner) => Error(
        "Nb.Emulator.FaultScriptInvalid", NbErrorKind.InvalidArgument, inner.Message,
        "Write {way:writeFault}; docs/emulator.md lists the faults and their settings.",
            inner: inner);

    /// <summary>A text that is neither a fault's name nor a file.</summary>
    /// <param name="text">The text as typed.</param>
    /// <param name="known">The names of faults.</param>
    public static NbException UnknownFault(string text, IEnumerable<string> known) => Error(
        "Nb.Emulator.UnknownFault", NbErrorKind.ObjectNotFound,
            $"'{text}' is neither a fault nor a file. The faults are {Listed(known)}.",
        "Give one of these names, the path of a fault script, or its JSON.", text);

    /// <summary>A port or address that cannot be listened on.</summary>
    public static NbException CannotListen(string address, Exception inner) => Error(
        "Nb.Emulator.CannotListen", NbErrorKind.ConnectionError,
            $"The emulator cannot listen on {address}: {inner.Message}",
        "Choose another port, or leave {option:port} out to get a free one.", address, inner);

    /// <summary>An address that other machines can reach, without a secret.</summary>
    public static NbException TokenRequired(string address) => Error(
        "Nb.Emulator.TokenRequired", NbErrorKind.InvalidArgument,
            $"Other machines can reach {address}, so clients must send a token.",
        "Add {option:token} with a secret of your own, or leave {option:address} out.", address);

    /// <summary>No emulator of this runspace listens at that address.</summary>
    public static NbException UnknownEmulator(int port) => Error(
        "Nb.Emulator.NotFound", NbErrorKind.ObjectNotFound, $"No emulator of this session listens on port {port}.",
        "{command:emulators} lists them.", FormattableString.Invariant($"{port}"));

    /// <summary>The emulator of an offline connection, which stops with that connection.</summary>
    public static NbException OfConnection() => Error(
        "Nb.Emulator.OfConnection", NbErrorKind.InvalidArgument,
            "This emulator belongs to the offline connection and stops with it.",
        "To stop it, use {command:disconnect}.");

    /// <summary>A duration that cannot be read.</summary>
    public static NbException DurationInvalid(string text) => Error(
        "Nb.Emulator.DurationInvalid", NbErrorKind.InvalidArgument, $"'{text}' is not a duration.",
            "Write 20ms, 1.5s or 2m.", text);
}
