using NanoBanana.Emulator;

// A bare host for the conformance suite and for soaks: prints its address, runs until its input ends.
// EmulatorHost [--port N] [--faults FILE] [--big] [--key KEY]
string? Value(string name) => Array.IndexOf(args, name) is >= 0 and int index && index + 1 < args.Length ? args[index + 1] : null;

using EmulatorService service = new(new EmulatorOptions
{
    ApiKey = Value("--key"),
    Big = args.Contains("--big"),
    Faults = Value("--faults") is { } file ? FaultScript.Load(file) : FaultScript.None,
});
await using EmulatorServer server = EmulatorServer.Start(service, int.Parse(Value("--port") ?? "0"));
Console.WriteLine(server.BaseUri);
await Console.In.ReadToEndAsync();
EmulatorStatistics statistics = service.Statistics;
Console.WriteLine(
    $"{statistics.Requests} requests, {statistics.BilledGenerations} billed generations, {statistics.Errors} errors");
