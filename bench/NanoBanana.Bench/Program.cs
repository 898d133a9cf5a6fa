using NanoBanana.Bench.Driving;
using NanoBanana.Bench.Ours;
using NanoBanana.Bench.Serving;

// One program in three roles, each in a process of its own, so that nobody's memory or CPU is counted as another's.
return args switch
{
    ["serve"] => CannedServer.Serve(),
    ["ours", var work, var server, var folder, var calls] =>
        await OurChild.RunAsync(work, new Uri(server), folder, int.Parse(calls)),
    ["run", .. var options] => Driver.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bench/run [--rounds N] [--only CASE[,CASE...]] [--jsonl BYTES]");
    return 2;
}
