using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>The rules by which the service refuses an interaction.</summary>
internal static class InteractionRules
{
    public static void Check(InteractionRequest request, AnswerFaults faults)
    {
        if (!request.IsStored && request.PreviousId is not null)
        {
            throw ServiceException.InvalidArgument("previous_interaction_id cannot be used when store is false.");
        }
        if (!request.IsStored && request.InBackground)
        {
            throw ServiceException.InvalidArgument("background cannot be used when store is false.");
        }
        if (request.InBackground && faults.RefusesBackground)
        {
            throw ServiceException.InvalidArgument($"Background execution is not supported for model {request.Model}.");
        }
    }
}
