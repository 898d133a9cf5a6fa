using System.Collections;
using System.Management.Automation;

namespace EngineDouble;

/// <summary>Binds the command line once and then each pipeline object, narrowing the parameter sets as it goes.</summary>
internal sealed class ParameterBinder(CmdletShape shape, Cmdlet cmdlet, CommandRuntime runtime)
{
    private readonly HashSet<ShapeParameter> _bound = [];
    private readonly Dictionary<ShapeParameter, object?> _beforePipeline = [];
    private HashSet<string> _sets = [.. shape.SetNames];
    private HashSet<string> _setsBeforePipeline = [];

    private string? DefaultSet => shape.Cmdlet.DefaultParameterSetName;

    public void BindCommandLine(Arguments arguments, bool expectsInput)
    {
        foreach ((string name, object? value) in arguments.ByName)
        {
            ShapeParameter parameter = shape.Find(name);
            if (_bound.Contains(parameter))
            {
                throw new ParameterBindingException(
                    "ParameterAlreadyBound", ErrorCategory.InvalidArgument, name,
                    $"Cannot bind parameter because parameter '{parameter.Name}' is specified more than once.");
            }

            Bind(parameter, value, coerce: true);
        }

        BindPositions(new Queue<object?>(arguments.ByPosition));
        if (expectsInput)
        {
            KeepSetsThatMayTakeInput();
        }
        else
        {
            Settle();
            RefuseMissing(_sets.Single(), pipelineMayFill: false);
        }

        _setsBeforePipeline = [.. _sets];
        ShowSetName();
    }

    public void BindPipeline(object? value)
    {
        Restore();
        bool any = false;
        foreach ((bool byName, bool coerce) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            if (BindPhase(value, byName, coerce))
            {
                any = true;
                LatchOnDefault();
            }
        }

        try
        {
            Settle();
            if (!any)
            {
                throw new ParameterBindingException(
                    "InputObjectNotBound", ErrorCategory.InvalidArgument, null,
                    "The input object cannot be bound to any parameters for the command either because the command does not "
                    + "take pipeline input or the input and its properties do not match any of the parameters that take "
                    + "pipeline input.");
            }

            if (Missing(_sets.Single(), pipelineMayFill: false) is { Count: > 0 } missing)
            {
                throw new ParameterBindingException(
                    "InputObjectMissingMandatory", ErrorCategory.InvalidArgument, null,
                    "The input object cannot be bound because it did not contain the information required to bind all "
                    + $"mandatory parameters: {Names(missing)}");
            }
        }
        catch (ParameterBindingException)
        {
            Restore();
            throw;
        }

        ShowSetName();
    }

    private static string Names(IEnumerable<ShapeParameter> parameters) =>
        string.Join(' ', parameters.Select(parameter => parameter.Name));

    private static bool IsPlainFor(Type type, object? value)
    {
        object? bare = PSObject.Base(value);
        if (bare is null)
        {
            return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        }

        Type wanted = Nullable.GetUnderlyingType(type) ?? type;
        return wanted.IsInstanceOfType(bare)
            || wanted == typeof(PSObject)
            || (wanted.IsArray && wanted.GetElementType()!.IsInstanceOfType(bare));
    }

    private void BindPositions(Queue<object?> values)
    {
        while (values.Count > 0)
        {
            ShapeParameter[] open = [.. AtNextPosition()];
            if (open.Length == 0)
            {
                BindRemaining(values);
                return;
            }

            object? value = values.Dequeue();
            bool bound = open.Any(parameter => TryBind(parameter, value, coerce: false))
                || open[..^1].Any(parameter => TryBind(parameter, value, coerce: true));
            if (!bound)
            {
                Bind(open[^1], value, coerce: true);
            }
        }
    }

    // Parameters of the default set come first when several sets have one at this position.
    private IEnumerable<ShapeParameter> AtNextPosition()
    {
        var candidates =
            from parameter in Open()
            from set in _sets
            let position = parameter.In(set)?.Position ?? int.MinValue
            where position != int.MinValue
            orderby position, set == DefaultSet ? 0 : 1
            select (parameter, position);
        int? next = candidates.Select(candidate => (int?)candidate.position).FirstOrDefault();
        return candidates.Where(c => c.position == next).Select(c => c.parameter).Distinct();
    }

    private void BindRemaining(Queue<object?> values)
    {
        ShapeParameter rest = Open().FirstOrDefault(p => _sets.Any(set => p.In(set)?.ValueFromRemainingArguments == true))
            ?? throw new ParameterBindingException(
                "PositionalParameterNotFound", ErrorCategory.InvalidArgument, null,
                $"A positional parameter cannot be found that accepts argument '{values.Peek()}'.");
        Bind(rest, values.ToArray(), coerce: true);
    }

    private bool TryBind(ShapeParameter parameter, object? value, bool coerce)
    {
        try
        {
            return Bind(parameter, value, coerce);
        }
        catch (ParameterBindingException)
        {
            return false;
        }
    }

    private IEnumerable<ShapeParameter> Open() => shape.Parameters.Where(parameter =>
        !_bound.Contains(parameter) && (parameter.InAllSets || _sets.Any(parameter.Sets.ContainsKey)));

    private bool BindPhase(object? value, bool byName, bool coerce)
    {
        if (DefaultSet is not null && _sets.Contains(DefaultSet) && BindPhaseIn([DefaultSet], value, byName, coerce))
        {
            return true;
        }

        return BindPhaseIn([.. _sets.Where(set => set != DefaultSet || _sets.Count == 1)], value, byName, coerce);
    }

    private bool BindPhaseIn(HashSet<string> sets, object? value, bool byName, bool coerce)
    {
        bool any = false;
        foreach (ShapeParameter parameter in Open().Where(p => p.TakesPipeline).ToArray())
        {
            bool takes = sets.Select(parameter.In).OfType<ParameterAttribute>().Any(declared =>
                byName ? declared.ValueFromPipelineByPropertyName : declared.ValueFromPipeline);
            if (takes && BindFromPipeline(parameter, value, byName, coerce))
            {
                any = true;
            }
        }

        return any;
    }

    private bool BindFromPipeline(ShapeParameter parameter, object? value, bool byName, bool coerce)
    {
        object? argument = value;
        if (byName)
        {
            if (value is null || Property(value, parameter) is not { } property)
            {
                return false;
            }

            argument = property.Value;
        }

        object? before = parameter.Get(cmdlet);
        try
        {
            if (!Bind(parameter, argument, coerce))
            {
                return false;
            }
        }
        catch (ParameterBindingArgumentTransformationException e) when (!byName && IsInvalidCast(e))
        {
            return false;
        }
        catch (ParameterBindingException e) when (e is not (ParameterBindingValidationException
            or ParameterBindingArgumentTransformationException))
        {
            return false;
        }

        _beforePipeline[parameter] = before;
        return true;
    }

    private static bool IsInvalidCast(ParameterBindingException e) =>
        (e.InnerException is ArgumentTransformationMetadataException inner ? inner.InnerException : e.InnerException)
            is PSInvalidCastException;

    private static PSPropertyInfo? Property(object value, ShapeParameter parameter)
    {
        PSObject wrapper = PSObject.AsPSObject(value);
        return parameter.Aliases.Prepend(parameter.Name)
            .Select(name => wrapper.Properties[name])
            .FirstOrDefault(property => property is not null);
    }

    private bool Bind(ShapeParameter parameter, object? value, bool coerce)
    {
        HashSet<string> narrowed = parameter.InAllSets ? _sets : [.. _sets.Where(parameter.Sets.ContainsKey)];
        if (narrowed.Count == 0)
        {
            throw Ambiguous();
        }

        value = Transformed(parameter, PSObject.Unwrap(value));
        if (coerce)
        {
            value = Coerced(parameter, value);
        }
        else if (!IsPlainFor(parameter.Type, value))
        {
            return false;
        }
        else if (Conversion.TryConvert(value, parameter.Type, out object? plain))
        {
            value = plain;
        }

        Validate(parameter, value);
        parameter.Set(cmdlet, value);
        _sets = narrowed;
        _bound.Add(parameter);
        runtime.Invocation.BoundParameters[parameter.Name] = value;
        return true;
    }

    private object? Transformed(ShapeParameter parameter, object? value)
    {
        foreach (ArgumentTransformationAttribute transformation in parameter.Transformations)
        {
            if (value is null && !parameter.MandatoryAnywhere && !transformation.TransformNullOptionalParameters)
            {
                continue;
            }

            try
            {
                value = transformation.Transform(runtime.Session.Intrinsics, value);
            }
            catch (Exception e)
            {
                throw new ParameterBindingArgumentTransformationException(
                    parameter.Name,
                    $"Cannot process argument transformation on parameter '{parameter.Name}'. {e.Message}", e);
            }
        }

        return value;
    }

    private static object? Coerced(ShapeParameter parameter, object? value)
    {
        object? bare = PSObject.Base(value);
        bool flag = parameter.Type == typeof(bool) || parameter.Type == typeof(SwitchParameter);
        bool refused = (bare is IList && parameter.Type == typeof(string)) || (flag && bare is string or null);
        if (!refused && Conversion.TryConvert(value, parameter.Type, out object? converted))
        {
            return converted;
        }

        throw new ParameterBindingException(
            refused ? "CannotConvertArgument" : "CannotConvertArgumentNoMessage",
            ErrorCategory.InvalidArgument, parameter.Name,
            $"Cannot bind parameter '{parameter.Name}'. Cannot convert value \"{value}\" to type \"{parameter.Type}\".",
            new PSInvalidCastException());
    }

    private void Validate(ShapeParameter parameter, object? value)
    {
        if (parameter.MandatoryAnywhere)
        {
            RefuseEmpty(parameter, value);
        }

        foreach (ValidateArgumentsAttribute validation in parameter.Validations)
        {
            try
            {
                validation.Check(value, runtime.Session.Intrinsics);
            }
            catch (Exception e)
            {
                throw new ParameterBindingValidationException(
                    "ParameterArgumentValidationError", parameter.Name,
                    $"Cannot validate argument on parameter '{parameter.Name}'. {e.Message}", e);
            }
        }
    }

    private static void RefuseEmpty(ShapeParameter parameter, object? value)
    {
        bool collection = value is IEnumerable and not (string or IDictionary);
        List<object?> items = collection ? [.. ((IEnumerable)value!).Cast<object?>()] : [value];
        string? which = items switch
        {
            [] when !parameter.AllowsEmptyCollection => "EmptyArray",
            _ when items.Contains(null) && !parameter.AllowsNull => "Null",
            _ when items.Any(item => item is "") && !parameter.AllowsEmptyString => "EmptyString",
            _ => null,
        };
        if (which is not null)
        {
            throw new ParameterBindingValidationException(
                $"ParameterArgumentValidationError{which}NotAllowed", parameter.Name,
                $"Cannot bind argument to parameter '{parameter.Name}' because it is null or empty.", null);
        }
    }

    private void Restore()
    {
        foreach ((ShapeParameter parameter, object? before) in _beforePipeline)
        {
            // BoundParameters keeps the old entry, in the engine too: only the property goes back.
            parameter.Set(cmdlet, before);
            _bound.Remove(parameter);
        }

        _beforePipeline.Clear();
        _sets = [.. _setsBeforePipeline];
    }

    private void LatchOnDefault()
    {
        if (_sets.Count > 1 && DefaultSet is not null && _sets.Contains(DefaultSet))
        {
            _sets = [DefaultSet];
        }
    }

    private void Settle()
    {
        LatchOnDefault();
        if (_sets.Count > 1)
        {
            string[] complete = [.. _sets.Where(set => Missing(set, pipelineMayFill: false).Count == 0)];
            _sets = complete.Length == 1 ? [complete[0]] : throw Ambiguous();
        }
    }

    // A set stays when what it still misses can come down the pipeline; with none left, the default set's lack is told.
    private void KeepSetsThatMayTakeInput()
    {
        HashSet<string> taking = [.. _sets.Where(set => Open().Any(p =>
            p.In(set) is { } declared && (declared.ValueFromPipeline || declared.ValueFromPipelineByPropertyName)))];
        HashSet<string> pool = taking.Count > 0 ? taking : _sets;
        HashSet<string> able = [.. pool.Where(set => Missing(set, pipelineMayFill: true).Count == 0)];
        if (able.Count == 0)
        {
            RefuseMissing(DefaultSet is not null && pool.Contains(DefaultSet) ? DefaultSet : pool.First(), pipelineMayFill: true);
        }

        _sets = able;
    }

    private List<ShapeParameter> Missing(string set, bool pipelineMayFill) =>
    [
        .. shape.Parameters.Where(parameter => !_bound.Contains(parameter)
            && parameter.In(set) is { Mandatory: true } declared
            && !(pipelineMayFill && (declared.ValueFromPipeline || declared.ValueFromPipelineByPropertyName))),
    ];

    private void RefuseMissing(string set, bool pipelineMayFill)
    {
        if (Missing(set, pipelineMayFill) is { Count: > 0 } missing)
        {
            throw new ParameterBindingException(
                "MissingMandatoryParameter", ErrorCategory.InvalidArgument, null,
                $"Cannot process command because of one or more missing mandatory parameters: {Names(missing)}.");
        }
    }

    private void ShowSetName()
    {
        string? name = _sets.Count == 1 ? _sets.Single() : null;
        name ??= DefaultSet is not null && _sets.Contains(DefaultSet) ? DefaultSet : ParameterAttribute.AllParameterSets;
        runtime.ParameterSetName = name;
    }

    private static ParameterBindingException Ambiguous() => new(
        "AmbiguousParameterSet", ErrorCategory.InvalidArgument, null,
        "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be "
        + "used together or an insufficient number of parameters were provided.");
}
