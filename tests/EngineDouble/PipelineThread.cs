using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;

namespace EngineDouble;

/// <summary>The thread of a session: no synchronization context, and the session's runspace as its default.</summary>
internal static class PipelineThread
{
    public static Thread Start(Session session, Action work)
    {
        Thread thread = new(() =>
        {
            Runspace.DefaultRunspace = session.Runspace;
            work();
        })
        { IsBackground = true, Name = "Pipeline Execution Thread" };
        thread.Start();
        return thread;
    }

    public static T Run<T>(Session session, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Start(session, () =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }).Join();
        failure?.Throw();
        return result;
    }
}
