using NanoBanana.Emulator.Catalog;
using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Rules;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>Answers a request for an interaction: at once or, in the background, when it is read after it is
/// due.</summary>
/// <param name="options">How the service behaves.</param>
/// <param name="time">The service's clock.</param>
/// <param name="store">The interactions that are kept.</param>
/// <param name="answer">The model: it draws, and puts the answer on the bill.</param>
internal sealed class InteractionRunner(
    EmulatorOptions options, TimeProvider time, InteractionStore store,
    Func<ModelEntry, GenerateRequest, AnswerFaults, GeneratedAnswer> answer)
{
    private const string Finished = "completed";

    /// <summary>Checks a request and answers it, or accepts it as background work.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="owner">The owner of its key.</param>
    /// <param name="faults">The faults of the answer.</param>
    /// <param name="link">Stores a picture and returns its address.</param>
    /// <param name="produced">Called with the answer when there is one.</param>
    public Interaction Create(
        ModelEntry model, InteractionRequest request, string owner, AnswerFaults faults,
        Func<byte[], string, string> link, Action<GeneratedAnswer> produced)
    {
        InteractionRules.Check(request, faults);
        Interaction? former = request.PreviousId is { } id ? Observe(store.Get(id, owner)) : null;
        if (former is { IsRunning: true })
        {
            throw new ServiceException(400, "FAILED_PRECONDITION",
                $"Interaction {former.Id} is still {former.Status}.");
        }

        bool continues = request.ContinuationToken is not null;
        if (continues && former is not null && former.ContinuationToken != request.ContinuationToken)
        {
            throw ServiceException.InvalidArgument(
                "The continuation_token does not belong to the previous interaction.");
        }
        IReadOnlyList<RequestTurn> before = (continues ? former?.Asked : former?.Conversation) ?? [];
        GenerateRequest asked = request.Generate with { Contents = [.. before, .. request.Generate.Contents] };
        if (asked.Contents.Count == 0)
        {
            throw ServiceException.InvalidArgument("* CreateInteraction.input: input is not specified\n");
        }
        RequestRules.CheckAllButSignatures(model, asked);
        StepSignatures.Check(model, request.Input);

        PromptMark? mark = faults.Mark ?? PromptMark.Find(asked.Contents[^1].Text);
        string? status = continues ? Finished : mark is { Effect: MarkEffect.Status } ? mark.Argument
            ?? Finished : null;
        if (continues) faults = faults with { Mark = new PromptMark("STATUS", Finished) };
        DateTimeOffset now = time.GetUtcNow();
        Interaction interaction = new()
        {
            Id = "v1_" + NameMaker.Create(40),
            Owner = owner,
            Model = model,
            Request = request,
            Asked = asked.Contents,
            Created = now,
            Updated = now,
            Work = work => Answer(work, asked, status, faults, request.LinksPictures ? link : null, produced),
        };
        bool waits = request.InBackground || status is InteractionStatus.Queued or InteractionStatus.InProgress;
        if (waits)
        {
            interaction.Status = InteractionStatus.Queued;
            interaction.Schedule =
                (now + options.BackgroundQueued, now + options.BackgroundQueued + options.BackgroundRunning);
            Observe(interaction);
        }
        else
        {
            Do(interaction);
        }

        if (request.IsStored) store.Add(interaction);
        return interaction;
    }

    /// <summary>Updates an interaction to the current time.</summary>
    public Interaction Observe(Interaction interaction)
    {
        lock (interaction.Lock)
        {
            if (interaction.Work is null || interaction.Schedule is not var (starts, finishes)) return interaction;
            DateTimeOffset now = time.GetUtcNow();
            if (now >= finishes) DoInBackground(interaction);
            else if (now >= starts) interaction.Status = InteractionStatus.InProgress;
            return interaction;
        }
    }

    /// <summary>Does the work of an interaction at once, because a stream waits for it.</summary>
    public Interaction Complete(Interaction interaction)
    {
        lock (interaction.Lock)
        {
            if (interaction.Work is not null) DoInBackground(interaction);
            return interaction;
        }
    }

    /// <exception cref="ServiceException">It does not run in the background, or has ended.</exception>
    public Interaction Cancel(Interaction interaction)
    {
        lock (Observe(interaction).Lock)
        {
            if (!interaction.IsRunning)
            {
                throw new ServiceException(400, "FAILED_PRECONDITION",
                    $"Interaction {interaction.Id} is {interaction.Status}: only one that runs in the background can be canceled.");
            }

            interaction.Work = null;
            interaction.Status = InteractionStatus.Cancelled;
            interaction.Updated = time.GetUtcNow();
            return interaction;
        }
    }

    private void Do(Interaction interaction)
    {
        Action<Interaction>? work = interaction.Work;
        interaction.Work = null;
        work?.Invoke(interaction);
        interaction.Updated = time.GetUtcNow();
    }

    private void DoInBackground(Interaction interaction)
    {
        try
        {
            Do(interaction);
        }
        catch (ServiceException e)
        {
            // No client waits for the answer, so the interaction carries the error.
            interaction.Status = InteractionStatus.Failed;
            interaction.Errors = [Error(e.Status, e.Message)];
            interaction.Updated = time.GetUtcNow();
        }
    }

    private void Answer(
        Interaction interaction, GenerateRequest asked, string? status, AnswerFaults faults,
            Func<byte[], string, string>? link,
        Action<GeneratedAnswer> produced)
    {
        if (faults.Events.HasFlag(EventFault.Error)) status = InteractionStatus.Failed;
        if (status is InteractionStatus.Failed or InteractionStatus.Cancelled)
        {
            interaction.Status = status;
            if (status == InteractionStatus.Failed)
            {
                interaction.Errors = [Error("INTERNAL", "An internal error has occurred.")];
            }
            return;
        }

        GeneratedAnswer made = answer(interaction.Model, asked, Marked(faults, status));
        produced(made);
        List<WireObject> steps = StepWriter.Write(interaction.Model, asked, made, link);
        if (status == InteractionStatus.RequiresAction)
        {
            steps.Add(new WireObject
            {
                { "type", "function_call" }, { "id", NameMaker.Create(12) }, { "name", "ask_user" },
                    { "arguments", new WireObject() },
            });
        }

        interaction.Steps = steps;
        interaction.Answer = StepWriter.Turn(made);
        interaction.Usage = InteractionUsage.ToWire(made);
        if (status == InteractionStatus.RequiresContinuation)
        {
            interaction.ContinuationToken = "ct_" + NameMaker.Create(24);
        }
        if (made.PromptFeedback is { } feedback)
        {
            interaction.Errors = [Error((string)feedback["blockReason"]!, (string)feedback["blockReasonMessage"]!)];
        }
        bool isKept = status is null or Finished or InteractionStatus.Queued or InteractionStatus.InProgress;
        interaction.Status = isKept ? Outcome(made) : status!;
    }

    // The fault that a status implies.
    private static AnswerFaults Marked(AnswerFaults faults, string? status) => status switch
    {
        InteractionStatus.Incomplete => faults with { Mark = new PromptMark("MAX_TOKENS", null) },
        InteractionStatus.RequiresAction => faults with { Mark = new PromptMark("NO_PARTS", null) },
        InteractionStatus.BudgetExceeded or InteractionStatus.RequiresContinuation =>
            faults with { Mark = new PromptMark("THOUGHTS_ONLY", null) },
        _ => faults,
    };

    private static string Outcome(GeneratedAnswer answer) => answer switch
    {
        { PromptFeedback: not null } => InteractionStatus.Failed,
        { FinishReason: "STOP" } => InteractionStatus.Completed,
        { FinishReason: "MAX_TOKENS" } => InteractionStatus.Incomplete,
        _ => InteractionStatus.Failed,
    };

    private static WireObject Error(string code, string message) => new() { { "code", code }, { "message", message } };
}
