namespace NanoBanana.Tests.Shared.Fuzz;

/// <summary>An input that a reader does not take as it should; the message shows it.</summary>
internal sealed class FuzzException(string message, Exception? inner = null) : Exception(message, inner);
