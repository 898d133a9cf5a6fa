namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>A cmdlet broke a rule of the engine.</summary>
internal sealed class EngineRuleException(string message) : Exception(message);
