using System.Collections;
using System.Management.Automation;
using EngineDouble;
using NanoBanana.PowerShell.Tests.Samples;

namespace NanoBanana.PowerShell.Tests.Double;

/// <summary>Parameter binding; tests/Pester/Engine.Tests.ps1 asks the real engine the same.</summary>
public sealed class BindingTests
{
    [Fact]
    public void Positions_bind_in_order_with_conversion()
    {
        Assert.Equal("Path: Day=Friday Path=[a]", Line(Pipeline.Pipe<TestSampleBindingCommand>(null, "a", "friday").Invoke()));
    }

    [Fact]
    public void Names_choose_the_set_and_may_be_short_or_aliases()
    {
        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(new { pspath = "a", Nu = "3", force = true });
        Assert.Equal("Literal: Force=True LiteralPath=[a] Number=3", Line(run));
    }

    [Fact]
    public void A_hashtable_arrives_as_it_is()
    {
        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(new { Path = "a", Extra = new Hashtable { ["k"] = 1 } });
        Assert.Equal("Path: Extra=[k:1] Path=[a]", Line(run));
    }

    [Fact]
    public void Text_from_the_pipeline_goes_to_the_default_set()
    {
        Assert.Equal("Path: Path=[a]", Line(Pipeline.Invoke<TestSampleBindingCommand>(input: ["a"])));
    }

    [Fact]
    public void An_object_from_the_pipeline_finds_the_set_of_its_type()
    {
        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(input: [new Version(1, 2)]);
        Assert.Equal("Version: InputObject=1.2", Line(run));
    }

    [Fact]
    public void A_property_binds_by_its_alias()
    {
        PSObject file = With(("PSPath", "x"));
        Assert.Equal("Literal: LiteralPath=[x]", Line(Pipeline.Invoke<TestSampleBindingCommand>(input: [file])));
    }

    [Fact]
    public void A_property_of_all_sets_draws_in_the_default_set()
    {
        PSObject file = With(("PSPath", "x"), ("Number", 4));
        Assert.Equal(
            "Path: Number=4 Path=[@{PSPath=x; Number=4}]",
            Line(Pipeline.Invoke<TestSampleBindingCommand>(input: [file])));
    }

    [Fact]
    public void The_next_object_finds_the_properties_as_before_but_bound_parameters_as_they_were_left()
    {
        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(
            input: [With(("Path", "a"), ("Number", 4)), With(("LiteralPath", "b"))]);

        Assert.Equal(
            ["Path: Number=4 Path=[a]", "Literal: LiteralPath=[b] Number=4 Path=[a]"], run.Succeeded().Output);
        Assert.Equal(["number 4", "number 1"], run.Information.Select(record => record.ToString()));
    }

    [Fact]
    public void A_bad_property_fails_its_object_only()
    {
        PSObject bad = With(("Path", "a"), ("Number", 9));

        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(input: [bad, "b"]);

        Assert.Equal(["Path: Path=[b]"], run.Output);
        Assert.Equal("ParameterArgumentValidationError", Id(run.SingleError()));
        Assert.Same(bad, run.SingleError().TargetObject);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_command_line_that_cannot_be_bound_never_begins(string errorId, Hashtable parameters)
    {
        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(parameters);

        Assert.Equal(errorId, Id(run.TerminatingError!));
        Assert.Empty(run.Lifecycle);
    }

    [Fact]
    public void Input_that_fits_nothing_is_an_error_of_that_object()
    {
        PipelineRun run = Pipeline.Invoke<TestSampleBindingCommand>(new { Path = "a" }, input: ["b"]);
        Assert.Equal("InputObjectNotBound", Id(run.SingleError()));
    }

    [Fact]
    public void One_position_too_many_is_refused()
    {
        PipelineRun run = Pipeline.Pipe<TestSampleBindingCommand>(null, "a", "Monday", "c").Invoke();
        Assert.Equal("PositionalParameterNotFound", Id(run.SingleError()));
    }

    public static TheoryData<string, Hashtable> Refused() => new()
    {
        { "MissingMandatoryParameter", new Hashtable() },
        { "NamedParameterNotFound", new Hashtable { ["Nope"] = 1 } },
        { "AmbiguousParameter", new Hashtable { ["P"] = "a" } },
        { "AmbiguousParameterSet", new Hashtable { ["Path"] = "a", ["LiteralPath"] = "b" } },
        { "CannotConvertArgumentNoMessage", new Hashtable { ["Path"] = "a", ["Number"] = "many" } },
        { "CannotConvertArgument", new Hashtable { ["Path"] = "a", ["Force"] = "yes" } },
        { "ParameterArgumentValidationError", new Hashtable { ["Path"] = "a", ["Number"] = 6 } },
        { "ParameterArgumentValidationError", new Hashtable { ["Path"] = "a", ["Tag"] = new[] { "t", "" } } },
        { "ParameterArgumentValidationErrorEmptyStringNotAllowed", new Hashtable { ["Path"] = "" } },
        { "ParameterArgumentValidationErrorEmptyArrayNotAllowed", new Hashtable { ["Path"] = Array.Empty<string>() } },
        { "ParameterArgumentValidationErrorNullNotAllowed", new Hashtable { ["Path"] = null } },
    };

    private static PSObject With(params (string Name, object Value)[] properties)
    {
        PSObject made = new();
        Array.ForEach(properties, property => made.Properties.Add(new PSNoteProperty(property.Name, property.Value)));
        return made;
    }

    private static string Line(PipelineRun run) => run.Single<string>();

    private static string Id(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];
}
