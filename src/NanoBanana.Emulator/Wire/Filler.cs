namespace NanoBanana.Emulator.Wire;

/// <summary>A string of so many equal characters: it takes no memory until it is sent.</summary>
internal sealed record Filler(int Length);
