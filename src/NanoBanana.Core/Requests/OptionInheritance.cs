namespace NanoBanana.Requests;

/// <summary>What an edit inherits from the item it edits, where it sets no value itself.</summary>
public enum OptionInheritance
{
    /// <summary>Nothing: the manifest's defaults apply.</summary>
    None,

    /// <summary>The value its source was made with.</summary>
    Source,

    /// <summary>The value its source was made with, when the edit's model accepts it.</summary>
    SourceIfModelHas,
}
