using System.Collections;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Thinking levels of the model that is typed.</summary>
internal sealed class ThinkingLevelCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        ModelThinking thinking = ModelOf(bound).Thinking;
        return thinking.Levels.Select(level =>
            new Candidate(level, level == thinking.Default ? $"{level} (default)" : level));
    }
}
