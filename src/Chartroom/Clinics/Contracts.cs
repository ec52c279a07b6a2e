using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.Clinics;

/// <summary>Brings a clinic that has signed up to the point where it can be worked with: schema, roles, keys, its own staff. Each part is idempotent, so a
/// kill anywhere is made good by the next call, which the start of the program and every sign-in make.</summary>
public sealed class ClinicOpening(ClinicProvisioner provisioner, StaffMirror staff)
{
    /// <summary>Does what is missing.</summary>
    /// <param name="isProvisioned">True when schema, roles and keys are known to be there.</param>
    public async Task EnsureAsync(ClinicId clinic, bool isProvisioned, CancellationToken ct)
    {
        if (!isProvisioned) await provisioner.ProvisionAsync(clinic, ct);
        await staff.BringInLineAsync(clinic, ct);
    }
}

/// <summary>The colours a visit type or a provider may have in the calendar; the names are classes of the style sheet.</summary>
public static class CalendarColor
{
    /// <summary>In the order they are given out.</summary>
    public static IReadOnlyList<string> All { get; } = ["blue", "green", "orange", "purple", "teal", "pink", "azure", "lime", "indigo", "red", "cyan", "yellow"];

    /// <summary>The colour of the n-th, over and over.</summary>
    public static string Of(int number) => All[number % All.Count];
}

/// <summary>A place where the clinic sees patients.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(IdJson<LocationId>))]
public readonly record struct LocationId(Guid Value) : IId<LocationId>
{
    /// <inheritdoc/>
    public static LocationId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static LocationId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out LocationId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A room of a location.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(IdJson<RoomId>))]
public readonly record struct RoomId(Guid Value) : IId<RoomId>
{
    /// <inheritdoc/>
    public static RoomId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static RoomId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out RoomId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A kind of visit the clinic offers.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(IdJson<VisitTypeId>))]
public readonly record struct VisitTypeId(Guid Value) : IId<VisitTypeId>
{
    /// <inheritdoc/>
    public static VisitTypeId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static VisitTypeId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out VisitTypeId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A device of a location that a visit may need.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(IdJson<DeviceId>))]
public readonly record struct DeviceId(Guid Value) : IId<DeviceId>
{
    /// <inheritdoc/>
    public static DeviceId From(Guid value) => new(value);
    /// <summary>A fresh key.</summary>
    public static DeviceId New() => new(Guid.CreateVersion7());
    /// <summary>Read from a route.</summary>
    public static bool TryParse(string? text, out DeviceId id) => IdText.TryParse(text, out id);
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
