using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Says anew what a patient comes for. The visit stays the same version: its time, place and state do.</summary>
/// <param name="Reason">At most 1,000 characters, kept sealed; nothing: no reason is known.</param>
public sealed record ChangeReason(string? Reason);

/// <summary>Keeps it in place of the one before, or says why not.</summary>
internal sealed class ChangeReasonHandler(TenantDb db)
{
    public async Task<Outcome<Visit>> HandleAsync(AppointmentId id, int version, ChangeReason ask, Actor actor, CancellationToken ct)
    {
        if (ask.Reason?.Length > BookAppointmentHandler.LongestReason) return Refusals.BadReason.On("reason", Refusals.BadReason.Title);
        var access = new Access("appointment.reason-changed", "appointment", id.Value);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var opened = await Calendar.OpenAsync(tx, id, version, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        var (reason, keyVersion) = await BookAppointmentHandler.SealAsync(tx, (id, opened.Value.PatientId), ask.Reason, access, ct);
        if (reason is null && !string.IsNullOrWhiteSpace(ask.Reason)) return Refusals.UnknownPatient;   // their key is gone
        await tx.ExecuteAsync(Update, new { id, reason, keyVersion, tx.Now }, ct);
        await tx.CommitAsync(ct);
        return opened.Value;
    }

    private const string Update = """
        update appointment
        set reason = @reason, reason_key_version = @keyVersion, updated_at = @now
        where id = @id
        """;
}
