namespace NanoBanana.Requests;

/// <summary>What the edit of another item takes over from it, where it says nothing itself.</summary>
public enum OptionInheritance
{
    /// <summary>Nothing: the manifest's defaults hold.</summary>
    None,

    /// <summary>What its source was made with.</summary>
    Source,

    /// <summary>What its source was made with, where the model has that word.</summary>
    SourceIfModelHas,
}
