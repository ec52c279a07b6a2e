using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A series with its visits by time, cancelled and missed ones too.</summary>
/// <param name="EveryWeeks">Weeks from one to the next, as it was booked.</param>
/// <param name="Occurrences">How many were asked for.</param>
public sealed record SeriesFacts(Guid Id, int EveryWeeks, int Occurrences, IReadOnlyList<Visit> Visits)
{
    /// <summary>Filled for pages only.</summary>
    public string PatientName { get; init; } = "";

    /// <summary>Such as <c>Every 2 weeks, 6 times</c>.</summary>
    internal string Words => $"{(EveryWeeks == 1 ? "Every week" : $"Every {EveryWeeks} weeks")}, {Occurrences} times";
}

/// <summary>Reads a series by its own key or by one of its visits.</summary>
internal sealed class ReadSeriesHandler(TenantDb db)
{
    /// <summary>Refuses <c>scheduling.unknown-series</c>.</summary>
    public async Task<Outcome<SeriesFacts>> HandleAsync(Guid id, bool isNamed, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<SeriesRow>(SeriesSql.SelectOne, new { id }, ct) is not { } row) return Refusals.UnknownSeries;
        var facts = await ReadAsync(tx, row, ct);
        var access = new Access("series.read", "appointment_series", id);
        if (isNamed) facts = facts with { PatientName = (await PatientRegister.NamesAsync(tx, [row.PatientId], access, ct)).GetValueOrDefault(row.PatientId)?.Name ?? "Deleted patient" };
        else tx.Audit(access, row.PatientId);
        await tx.CommitAsync(ct);
        return facts;
    }

    /// <summary>The series that a visit belongs to, or null; the visit itself, or null; and why visits are cancelled.</summary>
    public async Task<(SeriesFacts? Series, Visit? Visit, IReadOnlyList<CancelReason> Reasons)> OfVisitAsync(AppointmentId visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await Calendar.FindAsync(tx, visit, ct) is not { } found) return (null, null, []);
        var asked = CancelReasons.Ask(tx);
        var row = await tx.QueryOneOrNoneAsync<SeriesRow>(SeriesSql.SelectOfVisit, new { visit }, ct);
        var facts = row is null ? null : await ReadAsync(tx, row, ct);
        tx.Audit(new Access("appointment.read", "appointment", visit.Value), found.PatientId);
        var reasons = await asked.ReadAsync(ct);
        await tx.CommitAsync(ct);
        return (facts, found, reasons);
    }

    private static async Task<SeriesFacts> ReadAsync(ClinicTx tx, SeriesRow row, CancellationToken ct)
    {
        var visits = new List<Visit>();
        foreach (var id in await tx.QueryAsync<AppointmentId>(SeriesSql.SelectVisits, new { row.Id }, ct))
            if (await Calendar.FindAsync(tx, id, ct) is { } visit) visits.Add(visit);
        return new(row.Id, row.EveryWeeks, row.Occurrences, visits);
    }
}
