using System.Text;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Endpoints;

/// <summary>An error of the service inside the error of a gateway.</summary>
internal static class WrappedError
{
    private const string DefaultDelay = "37s";

    public static EmulatorResponse Answer(FaultRule rule)
    {
        ServiceException inner = Inner(rule);
        int outer = rule.OuterCode ?? inner.Code;
        WireObject error = new() { { "error", inner.ToWire() } };
        return EmulatorResponse.Json(outer, rule.Shape switch
        {
            "text" => new WireObject { { "error", new WireObject { { "message", Text(error) }, { "code", outer } } } },
            "detail" => new WireObject { { "detail", $"Error code: {inner.Code} - {Text(error)}" } },
            "errors" => new WireObject
            {
                { "errors", new[] {
                    new WireObject { { "code", inner.Code }, { "title", inner.Status },
                    { "message", inner.Message } } } },
            },
            "raw" => new WireObject
            {
                {
                    "error", new WireObject
                    {
                        { "message", "Provider returned error" },
                        { "code", outer },
                        { "metadata", new WireObject { { "raw", Text(error) }, { "provider_name", "Google" } } },
                    }
                },
            },
            _ => new WireObject {
                { "error", new WireObject { { "message", error }, { "type", "upstream_error" }, { "code", outer } } } },
        });
    }

    private static ServiceException Inner(FaultRule rule) => rule.Code is null or 429
        ? ErrorFaults.Quota(rule, "GenerateRequestsPerMinutePerProjectPerModel", "10", rule.RetryDelay ?? DefaultDelay)
        : new ServiceException(rule.Code.Value, rule.Reason ?? "UNKNOWN", rule.Message ?? "A scripted error.");

    private static string Text(WireObject error) => Encoding.UTF8.GetString(WireText.ToBytes(error));
}
