using System.Collections;
using NanoBanana.Models;

namespace NanoBanana.PowerShell.Completion;

/// <summary>Completes thinking levels of the typed model.</summary>
internal sealed class ThinkingLevelCompleter : WordCompleter
{
    protected override IEnumerable<Candidate> Candidates(IDictionary bound)
    {
        ModelThinking thinking = ModelOf(bound).Thinking;
        return thinking.Levels.Select(level =>
            new Candidate(level, level == thinking.Default ? $"{level} (default)" : level));
    }
}
