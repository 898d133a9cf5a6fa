using System.Collections.Concurrent;
using NanoBanana.Emulator.Settings;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Interactions;

/// <summary>The interactions the service keeps, until they expire or are deleted.</summary>
internal sealed class InteractionStore(EmulatorOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Interaction> _interactions = new(StringComparer.Ordinal);

    public void Add(Interaction interaction) => _interactions[interaction.Id] = interaction;

    /// <summary>The interaction, or the service's 404, which is the same for a missing one and for that of another
    /// owner.</summary>
    public Interaction Get(string id, string owner)
    {
        if (!_interactions.TryGetValue(id, out Interaction? interaction) || interaction.Owner != owner)
        {
            throw NotFound(id);
        }
        if (interaction.Created + options.InteractionLifetime > time.GetUtcNow()) return interaction;
        _interactions.TryRemove(id, out _);
        throw NotFound(id);
    }

    public void Delete(string id, string owner) => _interactions.TryRemove(Get(id, owner).Id, out _);

    private static ServiceException NotFound(string id) =>
        ServiceException.NotFound($"Interaction {id} was not found: it was not stored, has expired, or was deleted.");
}
