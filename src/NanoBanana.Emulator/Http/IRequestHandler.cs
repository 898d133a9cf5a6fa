namespace NanoBanana.Emulator.Http;

/// <summary>The service as a connection sees it.</summary>
internal interface IRequestHandler
{
    /// <summary>The time for the Date header of answers.</summary>
    DateTimeOffset Now { get; }

    /// <summary>How long a connection waits for the next byte of a request.</summary>
    TimeSpan ReadTimeout { get; }

    Task<EmulatorResponse> HandleAsync(EmulatorRequest request, CancellationToken cancellationToken);
}
