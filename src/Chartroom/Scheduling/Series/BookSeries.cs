using System.Text.Json.Serialization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>What becomes of one occurrence of a series: as planned, as planned although a rule warns, left out, at the free time that was offered, or at another time.</summary>
[JsonConverter(typeof(SnakeCaseNames<OccurrenceAct>))]
public enum OccurrenceAct { Plan, Keep, Skip, Next, Move }

/// <summary>The choice for one occurrence; those that are not named stay as planned.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Day">For <c>move</c>: the calendar day; absent: the planned one.</param>
/// <param name="At">For <c>move</c>: the wall-clock start.</param>
/// <param name="NextAt">For <c>next</c>: the start that was offered, on the planned day.</param>
public sealed record OccurrenceChoice(int Number, OccurrenceAct Act = OccurrenceAct.Plan, DateOnly? Day = null, TimeOnly? At = null, TimeOnly? NextAt = null);

/// <summary>Asks for a provider's time again and again: always at the same wall-clock time, so 9:00 stays 9:00 when the clocks change.</summary>
/// <param name="Day">Calendar day of the first.</param>
/// <param name="At">Wall-clock start of all.</param>
/// <param name="EveryWeeks">Weeks from one to the next, 1 to 12.</param>
/// <param name="Times">How many, 2 to 52.</param>
/// <param name="Minutes">Length, 5 to 480; absent: as long as the visit type usually is.</param>
/// <param name="Which">For times the clocks show twice: which one.</param>
/// <param name="Reason">What the patient comes for, at most 1,000 characters; kept sealed with each visit.</param>
/// <param name="Choices">What becomes of occurrences that cannot be as planned.</param>
public sealed record BookSeries(PatientId PatientId, StaffId ProviderId, VisitTypeId VisitTypeId, LocationId LocationId, DateOnly Day, TimeOnly At, int EveryWeeks, int Times,
    int? Minutes = null, RoomId? RoomId = null, DeviceId? DeviceId = null, Doubled? Which = null, string? Reason = null, IReadOnlyList<OccurrenceChoice>? Choices = null)
{
    internal OccurrenceChoice ChoiceOf(int number) => (Choices ?? []).FirstOrDefault(choice => choice.Number == number) ?? new(number);

    internal DateOnly DayOf(int number) => Day.AddDays(7 * EveryWeeks * (number - 1));

    /// <summary>The booking of one occurrence at that time.</summary>
    internal BookAppointment VisitAt(DateOnly day, TimeOnly at, bool isConfirmed) =>
        new(PatientId, ProviderId, VisitTypeId, LocationId, day, at, Minutes, RoomId, Which, Reason, isConfirmed, DeviceId);
}

/// <summary>A series as it was booked.</summary>
/// <param name="Visits">In the order of time.</param>
public sealed record BookedSeries(Guid Id, IReadOnlyList<Visit> Visits)
{
    internal SeriesAct Act { get; init; }
}

/// <summary>Books all chosen occurrences, or none. Two that want the same times: one wins wholly.</summary>
internal sealed class BookSeriesHandler(TenantDb db)
{
    /// <summary>What each occurrence would meet, and what could be done about it. Nothing is saved.</summary>
    public async Task<Outcome<PlannedOccurrence[]>> PlanAsync(BookSeries ask, Actor actor, CancellationToken ct)
    {
        if (SeriesRules.WhatIsWrong(ask) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new Access("series.planned", "appointment_series"), ask.PatientId);
        var planned = (await SeriesPlan.OfAsync(tx, ask, ct)).ToArray();
        await tx.CommitAsync(ct);
        return planned;
    }

    /// <summary>Refuses <c>scheduling.series-conflicts</c> with the numbers of the occurrences that cannot be, and what booking one visit refuses.</summary>
    public async Task<Outcome<BookedSeries>> HandleAsync(BookSeries ask, Actor actor, CancellationToken ct)
    {
        if (SeriesRules.WhatIsWrong(ask) is { } wrong) return wrong;
        var times = SeriesRules.TimesOf(ask);
        if (times.Count == 0) return Refusals.SeriesEmpty;
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var began = tx.Now;
        tx.Audit(new Access("series.booked", "appointment_series", id), ask.PatientId);
        if (await SeriesSql.TakeTurnAsync(tx, ask.LocationId, ct) is not { } zone) return Refusals.UnknownLocation.On("locationId", Refusals.UnknownLocation.Title);
        if (!await SeriesSql.KnowsAsync(tx, ask.PatientId, ct)) return Refusals.UnknownPatient.On("patientId", Refusals.UnknownPatient.Title);
        tx.Queue(SeriesSql.Insert, new { id, ask.PatientId, ask.EveryWeeks, ask.Times, firstLocal = ask.Day.ToDateTime(ask.At), zone, tx.Actor.Person, tx.Now });
        var visits = new List<Visit>();
        var conflicts = new List<int>();
        foreach (var (number, day, at, isConfirmed) in times)   // in the order of time, so that two series never wait for each other
        {
            var visit = AppointmentId.New();
            var access = new Access("appointment.booked", "appointment", visit.Value);
            tx.Audit(access, ask.PatientId);
            var booked = await BookAppointmentHandler.BookInAsync(tx, visit, ask.VisitAt(day, at, isConfirmed), access, ct);
            if (booked.IsOk) visits.Add(booked.Value);
            else if (SeriesRules.IsOfAll(booked.Refusal)) return booked.Refusal;
            else conflicts.Add(number);
        }
        if (conflicts.Count > 0) return Refusals.SeriesConflicts.With("occurrences", conflicts.ToArray());
        await tx.ExecuteAsync(SeriesSql.Join, new { id, visits = visits.Select(visit => visit.Id).ToArray() }, ct);
        var act = SeriesAct.Of(VisitAct.Booked, began, tx.Now);
        await tx.CommitAsync(ct);
        return new BookedSeries(id, visits) { Act = act };
    }
}
