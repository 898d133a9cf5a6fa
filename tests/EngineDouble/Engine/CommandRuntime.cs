using System.Collections;
using System.Management.Automation;

namespace EngineDouble;

/// <summary>What stands behind Write*, ShouldProcess and the rest of one running cmdlet.</summary>
internal sealed class CommandRuntime(
    PipelineProcessor processor, Cmdlet cmdlet, CmdletShape shape, InvocationInfo invocation, int index)
{
    private ConfirmAnswer? _toAll;

    public InvocationInfo Invocation { get; } = invocation;

    public Session Session => processor.Session;

    public bool Stopping => processor.Stopping;

    public string ParameterSetName { get; set; } = ParameterAttribute.AllParameterSets;

    /// <summary>The cmdlet was given the exception that ends it; it must not come back as if nothing were.</summary>
    public bool StopHandedOut { get; private set; }

    private PipelineRun Result => processor.Result;

    public void WriteObject(object? value, bool enumerate)
    {
        CheckMayWrite(nameof(WriteObject));
        if (enumerate && PSObject.Base(value) is IEnumerable many and not (string or IDictionary))
        {
            foreach (object? one in many)
            {
                Emit(one);
            }
        }
        else
        {
            Emit(value);
        }
    }

    public void WriteError(ErrorRecord error)
    {
        ArgumentNullException.ThrowIfNull(error);
        CheckMayWrite(nameof(WriteError));
        Report(error);
    }

    /// <summary>Treats an error as -ErrorAction says, wherever it came from.</summary>
    public void Report(ErrorRecord error)
    {
        error.InvocationInfo = Invocation;
        switch (Preference("ErrorAction", "ErrorActionPreference", ActionPreference.Continue))
        {
            case ActionPreference.Stop:
                throw HandOut(processor.Fail(new ActionPreferenceStopException(error)));
            case ActionPreference.SilentlyContinue or ActionPreference.Ignore:
                break;
            default:
                Result.Add(StreamName.Error, error);
                break;
        }
    }

    public void WriteWarning(string text) =>
        Write(nameof(WriteWarning), "WarningAction", "WarningPreference", ActionPreference.Continue, StreamName.Warning, text);

    public void WriteVerbose(string text)
    {
        CheckMayWrite(nameof(WriteVerbose));
        if (Flag("Verbose") ?? Shown("VerbosePreference"))
        {
            Result.Add(StreamName.Verbose, text);
        }
    }

    public void WriteDebug(string text)
    {
        CheckMayWrite(nameof(WriteDebug));
        if (Flag("Debug") ?? Shown("DebugPreference"))
        {
            Result.Add(StreamName.Debug, text);
        }
    }

    public void WriteProgress(ProgressRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Write(nameof(WriteProgress), "ProgressAction", "ProgressPreference", ActionPreference.Continue,
            StreamName.Progress, record.Snapshot());
    }

    // Information records go into the stream whatever the preference says; it only decides what the console shows.
    public void WriteInformation(InformationRecord record)
    {
        CheckMayWrite(nameof(WriteInformation));
        if (Preference("InformationAction", "InformationPreference", ActionPreference.SilentlyContinue)
            != ActionPreference.Ignore)
        {
            Result.Add(StreamName.Information, record);
        }
    }

    public bool ShouldProcess(string description, string warning, string caption, out ShouldProcessReason reason)
    {
        processor.ThrowIfStopping();
        reason = ShouldProcessReason.None;
        if (_toAll is { } settled)
        {
            return settled == ConfirmAnswer.YesToAll;
        }

        CheckMayWrite(nameof(ShouldProcess));
        if (Flag("WhatIf") ?? Conversion.IsTrue(Session.Variables.GetValueOrDefault("WhatIfPreference")))
        {
            reason = ShouldProcessReason.WhatIf;
            Result.Add(StreamName.Host, $"What if: {description}");
            return false;
        }

        ConfirmImpact threshold = ConfirmThreshold();
        if (threshold == ConfirmImpact.None || threshold > shape.Cmdlet.ConfirmImpact)
        {
            if (Flag("Verbose") == true)
            {
                WriteVerbose(description);
            }

            return true;
        }

        ConfirmAnswer answer = Ask(string.IsNullOrEmpty(warning) ? $"Continue with this operation? {description}" : warning, caption);
        _toAll = answer is ConfirmAnswer.YesToAll or ConfirmAnswer.NoToAll ? answer : null;
        return answer is ConfirmAnswer.Yes or ConfirmAnswer.YesToAll;
    }

    public bool ShouldContinue(string query, string caption)
    {
        bool yes = false;
        bool no = false;
        return ShouldContinue(query, caption, ref yes, ref no);
    }

    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll)
    {
        CheckMayWrite(nameof(ShouldContinue));
        if (noToAll || yesToAll)
        {
            return !noToAll;
        }

        ConfirmAnswer answer = Ask(query, caption);
        yesToAll = answer == ConfirmAnswer.YesToAll;
        noToAll = answer == ConfirmAnswer.NoToAll;
        return answer is ConfirmAnswer.Yes or ConfirmAnswer.YesToAll;
    }

    // Allowed from any thread in the engine, but pointless there: only the pipeline thread's exception ends the command.
    public void ThrowTerminatingError(ErrorRecord error)
    {
        processor.ThrowIfStopping();
        ArgumentNullException.ThrowIfNull(error);
        error.InvocationInfo = Invocation;
        throw HandOut(processor.Fail(new CmdletInvocationException(error)));
    }

    private void Emit(object? value)
    {
        try
        {
            processor.ThrowIfStopping();
            processor.Emit(index, value);
        }
        catch (PipelineStoppedException e)
        {
            throw HandOut(e);
        }
    }

    private PipelineStoppedException HandOut(PipelineStoppedException e)
    {
        StopHandedOut = true;
        return e;
    }

    private void Write(
        string method, string parameter, string variable, ActionPreference unless, StreamName stream, object value)
    {
        CheckMayWrite(method);
        switch (Preference(parameter, variable, unless))
        {
            case ActionPreference.Stop:
                ErrorRecord record = new(
                    new RuntimeException(value.ToString()), "ActionPreferenceStop", ErrorCategory.OperationStopped, null)
                { InvocationInfo = Invocation };
                throw HandOut(processor.Fail(new ActionPreferenceStopException(record)));
            case ActionPreference.SilentlyContinue or ActionPreference.Ignore:
                break;
            default:
                Result.Add(stream, value);
                break;
        }
    }

    private void CheckMayWrite(string method)
    {
        processor.ThrowIfStopping();
        if (processor.Permitted == cmdlet && Thread.CurrentThread == processor.PermittedThread)
        {
            return;
        }

        // The exception may die unseen on a worker thread or in Dispose, so the run remembers it too.
        Result.Violated($"{shape.Name}: {method} outside the pipeline thread or outside Begin/Process/EndProcessing");
        throw new PSInvalidOperationException(
            "The WriteObject and WriteError methods cannot be called from outside the overrides of the BeginProcessing, "
            + "ProcessRecord, and EndProcessing methods, and they can only be called from within the same thread.");
    }

    private ConfirmAnswer Ask(string query, string caption)
    {
        string prompt = string.IsNullOrEmpty(caption) ? query : $"{caption}: {query}";
        Result.Add(StreamName.Prompt, prompt);
        return Session.NextAnswer(prompt);
    }

    private ConfirmImpact ConfirmThreshold()
    {
        if (Flag("Confirm") is { } asked)
        {
            return asked ? ConfirmImpact.Low : ConfirmImpact.None;
        }

        return Conversion.TryConvert(
            Session.Variables.GetValueOrDefault("ConfirmPreference", ConfirmImpact.High),
            typeof(ConfirmImpact),
            out object? impact)
            ? (ConfirmImpact)impact!
            : ConfirmImpact.High;
    }

    private bool? Flag(string parameter) =>
        Invocation.BoundParameters.TryGetValue(parameter, out object? value) ? Conversion.IsTrue(value) : null;

    private bool Shown(string variable) =>
        Preference("", variable, ActionPreference.SilentlyContinue) is ActionPreference.Continue;

    private ActionPreference Preference(string parameter, string variable, ActionPreference unless)
    {
        object? said = Invocation.BoundParameters.GetValueOrDefault(parameter)
            ?? Session.Variables.GetValueOrDefault(variable);
        return Conversion.TryConvert(said ?? unless, typeof(ActionPreference), out object? preference)
            ? (ActionPreference)preference!
            : unless;
    }
}
