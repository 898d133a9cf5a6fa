using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using Shell = System.Management.Automation.PowerShell;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>A pipeline being written: a | b | Select-Object -First n.</summary>
internal sealed class PipelineBuilder(Session session)
{
    private readonly Shell _shell = session.NewShell();

    /// <summary>Adds a cmdlet; parameters are an anonymous object or a dictionary, common parameters
    /// included.</summary>
    public PipelineBuilder Pipe<T>(object? parameters = null, params object?[] positional)
        where T : Cmdlet
    {
        _shell.AddCommand(new CmdletInfo(Session.NameOf(typeof(T)), typeof(T)));
        IDictionary named = parameters as IDictionary
            ?? parameters?.GetType().GetProperties()
            .ToDictionary(property => property.Name, property => property.GetValue(parameters))
            ?? [];
        _shell.AddParameters(named);
        foreach (object? value in positional) _shell.AddArgument(value);
        return this;
    }

    /// <summary>Adds Select-Object -First, which stops the commands before it.</summary>
    public PipelineBuilder First(int count)
    {
        _shell.AddCommand(new CmdletInfo("Select-Object", typeof(SelectObjectCommand))).AddParameter("First", count);
        return this;
    }

    /// <summary>Runs to the end; a terminating error is in the result, not thrown.</summary>
    public PipelineRun Invoke(IEnumerable<object?>? input = null) => Start(input).Wait();

    /// <summary>Starts and returns at once, for tests that stop it from outside.</summary>
    public RunningPipeline Start(IEnumerable<object?>? input = null) => new(_shell, session, input);
}
