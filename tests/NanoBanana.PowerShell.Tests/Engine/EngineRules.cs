using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using System.Reflection;

namespace NanoBanana.PowerShell.Tests.Engine;

/// <summary>
/// Watches whether the cmdlets of a pipeline keep the engine's rules. The engine itself throws at one that breaks them,
/// but in the
/// cmdlet, which may lose it: so it is seen here as it is thrown.
/// </summary>
internal sealed class EngineRules
{
    // Flows to whatever a cmdlet starts.
    private static readonly AsyncLocal<EngineRules?> Current = new();

    private readonly HashSet<Exception> _stops = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<string> _broken = new();

    static EngineRules() => AppDomain.CurrentDomain.FirstChanceException += (_, e) => Current.Value?.See(e.Exception);

    /// <summary>Watches this thread and what is started from it.</summary>
    public void Watch() => Current.Value = this;

    /// <summary>Throws when a rule was broken.</summary>
    public void Demand()
    {
        if (!_broken.IsEmpty) throw new EngineRuleException(string.Join(" | ", _broken));
    }

    private void See(Exception e)
    {
        if (e is PSInvalidOperationException
            && e.Message.StartsWith("The WriteObject and WriteError methods cannot", StringComparison.Ordinal))
        {
            _broken.Enqueue($"A write off the pipeline's thread: {new StackTrace()}");
        }
        else if (IsStop(e))
        {
            // The first one ends a cmdlet. There is a second only if the cmdlet went on.
            lock (_stops)
            {
                if (_stops.Add(e) && _stops.Count > 1) _broken.Enqueue($"A stop was swallowed: {new StackTrace()}");
            }
        }
    }

    // Thrown into a cmdlet or by it, not handed on by the engine.
    private static bool IsStop(Exception e)
    {
        if (e.GetType().Name == "StopUpstreamCommandsException") return true;
        if (e is not PipelineStoppedException) return false;
        MethodBase[] callers =
            [.. new StackTrace().GetFrames().Select(frame => frame.GetMethod()).OfType<MethodBase>()];
        Type thrower = callers.Select(method => method.DeclaringType).OfType<Type>()
            .First(type =>
            type.Assembly != typeof(object).Assembly && (type.DeclaringType ?? type) != typeof(EngineRules));
        bool isHandedOn = thrower.Assembly == typeof(Cmdlet).Assembly
            && thrower.Name != "MshCommandRuntime" && !thrower.IsAssignableTo(typeof(Cmdlet));
        // The meter tries to take the progress down while a stop is on its way.
        return !isHandedOn
            && !callers.Any(method =>
            method.DeclaringType == typeof(ProgressMeter) && method.Name == nameof(ProgressMeter.Complete));
    }
}
