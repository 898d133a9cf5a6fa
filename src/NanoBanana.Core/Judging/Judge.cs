using NanoBanana.Conversations;
using NanoBanana.Gemini;
using NanoBanana.Models;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>A model that scores how well pictures match their references. Thread-safe.</summary>
/// <param name="client">The service.</param>
/// <param name="rules">The rules with its prompts.</param>
/// <param name="model">The judging model, from <see cref="JudgeRules.Resolve"/>.</param>
/// <param name="votes">How often each picture is judged, 1 or more; the median is used.</param>
public sealed class Judge(GeminiClient client, JudgeRules rules, ModelInfo model, int votes = 1)
{
    private readonly object _lock = new();
    private Task<Judge>? _demanded;

    /// <summary>The model.</summary>
    public ModelInfo Model => model;

    /// <summary>The rules.</summary>
    public JudgeRules Rules => rules;

    /// <summary>Votes for each picture.</summary>
    public int Votes => votes;

    /// <summary>Whether the offline emulator judges: then nothing is billed.</summary>
    internal bool IsRehearsal { get; init; }

    /// <summary>USD that judging one picture is expected to cost, all votes together; null when the price is
    /// unknown.</summary>
    /// <param name="question">The question; its picture may still be missing.</param>
    public decimal? Estimate(JudgeQuestion question)
    {
        int characters = rules.Data.Words.Task.Length + rules.Data.Words.Instruction.Length
            + rules.Data.Schema.GetRawText().Length + (question.Prompt?.Length ?? 0)
            + question.Forbidden.Sum(thing => thing.Length);
        return JudgeCall.Estimate(question.References.Length + question.Logo.Length + 1, characters, rules, model)
            * votes;
    }

    /// <summary>Asks the service once and free of charge whether it has the model, before anything else is paid
    /// for.</summary>
    /// <returns>This judge.</returns>
    /// <exception cref="NbException">It does not (Nb.Judge.UnknownModel).</exception>
    public Task<Judge> DemandAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A failed or canceled check is repeated the next time.
            if (_demanded is null or { IsFaulted: true } or { IsCanceled: true }) _demanded = AskAsync();
            return _demanded;
        }

        async Task<Judge> AskAsync()
        {
            try
            {
                await client.GetModelAsync(model.Id, cancellationToken).ConfigureAwait(false);
            }
            catch (NbException e) when (e.ErrorId == "Nb.Service.ModelNotFound")
            {
                throw JudgeErrors.NotAtService(model.Id, e);
            }
            catch (NbException)
            {
                // A gateway may lack this endpoint; a wrong model then fails when it judges.
            }
            return this;
        }
    }

    /// <summary>Judges a picture.</summary>
    /// <exception cref="NbException">The service failed, or at most half of the votes could be read; the error's cost
    /// is that of the answers.</exception>
    internal async Task<Judgment> AskAsync(JudgeQuestion question, CancellationToken cancellationToken)
    {
        GenerateCall call = JudgeCall.Of(question, rules, model);
        var good = new List<Judgment>();
        var bad = new List<NbException>();
        decimal? cost = 0;
        for (int vote = 0; vote < votes; vote++)
        {
            Answer answer;
            try
            {
                answer = await client.Api.GenerateAsync(call, BlobSink.Memory, scope: null, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (NbException e) when (cost > 0)
            {
                throw new NbException(e.ErrorId, e.Kind, e.Message, e.Advice, e)
                {
                    Target = e.Target,
                    Cost = cost,
                    IsUncertain = e.IsUncertain,
                };
            }
            cost += CostOf(answer.Usage);
            try
            {
                good.Add(VoteReader.Read(question, rules, model.Id, answer));
            }
            catch (NbException e)
            {
                bad.Add(e);
            }
        }
        if (good.Count * 2 <= votes) throw JudgeErrors.WithCost(bad[0], cost);
        return Median(good) with
        {
            Votes = good.Count,
            Cost = cost,
            Warnings = [.. bad.Select(error => $"A vote does not count: {error.Message}")],
        };
    }

    // An answer costs something even if the service counts no tokens.
    private decimal? CostOf(TokenCount? usage) =>
        usage is null ? JudgeCall.Estimate(1, 0, rules, model) : Pricing.Actual(model, null, usage, images: 0);

    private static Judgment Median(List<Judgment> votes)
    {
        if (votes.Count == 1) return votes[0];
        double middle = Middle(votes.Select(vote => vote.Score));
        // Take the reasons of the vote that is nearest to the median.
        Judgment nearest = votes.MinBy(vote => Math.Abs(vote.Score - middle))!;
        return nearest with
        {
            Score = middle,
            Aspects = [.. nearest.Aspects.Select(aspect => aspect with
            {
                Score = Middle(votes.Select(vote => vote.Aspects.First(one => one.Name == aspect.Name).Score)),
            })],
            // Keep what more than half of the votes saw.
            Forbidden = [.. votes.SelectMany(vote => vote.Forbidden).GroupBy(thing => thing)
                .Where(seen => seen.Count() * 2 > votes.Count).Select(seen => seen.Key)],
        };
    }

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
