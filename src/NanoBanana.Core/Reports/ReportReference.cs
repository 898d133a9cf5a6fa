using NanoBanana.Models;

namespace NanoBanana.Reports;

/// <summary>An anchor or another reference, shown beside the pictures made with it.</summary>
/// <param name="Name">The anchor's name; null for a reference without one.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Description">Fixed words on it; null when there are none.</param>
/// <param name="Path">Full path of its first picture; null when it is missing.</param>
internal sealed record ReportReference(string? Name, ReferenceRole Role, string? Description, string? Path);
