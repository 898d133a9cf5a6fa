using NanoBanana.Models;

namespace NanoBanana.Requests;

/// <summary>How an anchor counts against what one model takes in a request.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Pictures">Pictures of the anchor.</param>
/// <param name="Role">Its role.</param>
/// <param name="RoleLimit">Pictures of that role the model takes; null where it sets no limit of its own.</param>
/// <param name="TotalLimit">Pictures the model takes in all; null when unknown.</param>
public sealed record AnchorCount(string Model, int Pictures, ReferenceRole Role, int? RoleLimit, int? TotalLimit)
{
    /// <summary>Whether a request with this anchor alone is within the limits.</summary>
    public bool Fits => !(Pictures > RoleLimit) && !(Pictures > TotalLimit);

    /// <inheritdoc/>
    public override string ToString()
    {
        string role = RoleLimit is { } limit ? $"{Pictures} of {limit} for {Role}, " : "";
        return $"{Model}: {role}{Pictures} of {(TotalLimit is { } total ? total : "?")}{(Fits ? "" : " - too many")}";
    }

    internal static AnchorCount Of(Anchor anchor, ModelInfo model) =>
        new(model.Id, anchor.Pictures.Length, anchor.Role, model.References.OfRole(anchor.Role),
            model.References.Total);
}
