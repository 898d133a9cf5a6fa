using NanoBanana.Batches.Ledgers;
using NanoBanana.Models;

namespace NanoBanana.Batches.Plans;

/// <summary>How long models thought in a folder, by model and level, for estimates there.</summary>
internal sealed class LearnedThinking
{
    // Fewer answers are not representative, because thoughts vary.
    private const int FewestAnswers = 3;

    private readonly ILookup<string, (string Level, int Tokens)> _usual;

    /// <param name="events">The lines of the folder's ledgers.</param>
    public LearnedThinking(IEnumerable<LedgerEvent> events) => _usual = events
        .Where(line => line is { Kind: LedgerEventKind.Received, Model: not null, Thinking: not null, Thoughts: >= 0 })
        .GroupBy(line => (line.Model!, line.Thinking!))
        .Where(answers => answers.Count() >= FewestAnswers)
        .ToLookup(answers => answers.Key.Item1,
            answers => (answers.Key.Item2, (int)Math.Round(answers.Average(line => line.Thoughts!.Value))));

    /// <summary>A model with the folder's measurements.</summary>
    public ModelInfo Apply(ModelInfo model) => !_usual.Contains(model.Id) ? model : model with
    {
        Thinking = model.Thinking with
        {
            Learned = _usual[model.Id].ToDictionary(one => one.Level, one => one.Tokens),
        },
    };
}
