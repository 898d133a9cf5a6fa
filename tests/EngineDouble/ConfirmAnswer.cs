namespace EngineDouble;

/// <summary>What a person would press at a confirmation prompt.</summary>
public enum ConfirmAnswer
{
    Yes,
    YesToAll,
    No,
    NoToAll,
}
