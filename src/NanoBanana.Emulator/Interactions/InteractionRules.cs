using NanoBanana.Emulator.Generation;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>What the service refuses about an interaction itself.</summary>
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
