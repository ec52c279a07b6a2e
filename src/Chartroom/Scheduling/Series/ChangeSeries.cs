using System.Text.Json.Serialization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Which visits of a series a change is for. Of the others only those are meant whose patient is still awaited.</summary>
[JsonConverter(typeof(SnakeCaseNames<SeriesScope>))]
public enum SeriesScope { This, Following, All }

/// <summary>Gives visits of a series another time of the day, day of their week, length or provider. What is absent stays.</summary>
/// <param name="VisitId">The visit from which it is said.</param>
/// <param name="Scope">For which visits.</param>
/// <param name="Day">Where that visit goes, at most a year away; the others go as many days.</param>
/// <param name="At">Wall-clock start of all.</param>
/// <param name="Minutes">Length of all.</param>
/// <param name="ProviderId">Whose time.</param>
/// <param name="Choices">What becomes of those that cannot be so; numbered from 1 among the visits meant. To skip one is to leave it as it is.</param>
public sealed record MoveSeries(AppointmentId VisitId, SeriesScope Scope, DateOnly? Day = null, TimeOnly? At = null, int? Minutes = null, StaffId? ProviderId = null,
    IReadOnlyList<OccurrenceChoice>? Choices = null)
{
    internal OccurrenceChoice ChoiceOf(int number) => (Choices ?? []).FirstOrDefault(choice => choice.Number == number) ?? new(number);
}

/// <summary>Calls visits of a series off.</summary>
/// <param name="VisitId">The visit from which it is said.</param>
/// <param name="Reason">Code of one of the clinic's reasons that staff are offered.</param>
public sealed record CancelSeries(AppointmentId VisitId, SeriesScope Scope, string Reason, CancelSide By);

/// <summary>What was changed, and the name of the act for its undo.</summary>
/// <param name="Act">What <c>undo</c> asks for.</param>
public sealed record ChangedSeries(Guid SeriesId, int Visits, string Act);

/// <summary>Moves, cancels and takes back visits of a series, all or none. Each keeps its own history.</summary>
internal sealed class ChangeSeriesHandler(TenantDb db)
{
    private const int Year = 371;

    /// <summary>What each visit meant would meet. Nothing is saved.</summary>
    public async Task<Outcome<PlannedOccurrence[]>> PlanAsync(Guid series, int version, MoveSeries ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var meant = await MeantAsync(tx, series, version, (ask.VisitId, ask.Scope), new("series.planned", "appointment_series", series), ct);
        if (!meant.IsOk) return meant.Refusal;
        if (WhatIsWrong(ask, meant.Value) is { } wrong) return wrong;
        var planned = new List<PlannedOccurrence>();
        foreach (var (at, visit) in meant.Value.Visits.Index())
            planned.Add(await SeriesPlan.OfAsync(tx, MoveRules.SlotOf(visit, MoveOf(ask, meant.Value.Anchor, visit)).Question with { RoomId = null, DeviceId = null, AlsoMoving = GoingOf(ask, meant.Value) }, ask.ChoiceOf(at + 1), ct));
        await tx.CommitAsync(ct);
        return planned.ToArray();
    }

    /// <summary>Refuses <c>scheduling.series-conflicts</c> with the numbers of the visits that cannot be moved so.</summary>
    public async Task<Outcome<ChangedSeries>> MoveAsync(Guid series, int version, MoveSeries ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var began = tx.Now;
        var meant = await MeantAsync(tx, series, version, (ask.VisitId, ask.Scope), new("series.moved", "appointment_series", series), ct);
        if (!meant.IsOk) return meant.Refusal;
        if (WhatIsWrong(ask, meant.Value) is { } wrong) return wrong;
        var isLater = ask.Day is { } day && day > meant.Value.Anchor.Day;
        var visits = meant.Value.Visits.Index().ToList();
        if (isLater) visits.Reverse();   // so that none meets one that is still to go
        var (moved, conflicts) = (0, new List<int>());
        foreach (var (at, visit) in visits)
        {
            var choice = ask.ChoiceOf(at + 1);
            if (choice.Act == OccurrenceAct.Skip) continue;
            var next = await MoveAppointmentHandler.NextAsync(tx, visit, MoveRules.SlotOf(visit, Chosen(MoveOf(ask, meant.Value.Anchor, visit), choice, visit)) with { AlsoMoving = GoingOf(ask, meant.Value) }, ct);
            if (!next.IsOk && next.Refusal.Code == Refusals.NothingToMove.Code) continue;
            if (!next.IsOk) conflicts.Add(at + 1);
            if (!next.IsOk || conflicts.Count > 0) continue;
            tx.Audit(new Access("appointment.moved", "appointment", visit.Id.Value), visit.PatientId);
            var put = await Calendar.PutAsync(tx, next.Value, new(VisitAct.Moved), ct);
            if (!put.IsOk) return Refusals.SeriesConflicts.With("occurrences", new[] { at + 1 });
            moved++;
        }
        if (conflicts.Count > 0) return Refusals.SeriesConflicts.With("occurrences", conflicts.Order().ToArray());
        if (moved == 0) return Refusals.NothingToMove;
        return await DoneAsync(tx, (series, VisitAct.Moved), moved, began, ct);
    }

    /// <summary>Cancels all that are meant; refused when the one from which it is said cannot be cancelled.</summary>
    public async Task<Outcome<ChangedSeries>> CancelAsync(Guid series, int version, CancelSeries ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var began = tx.Now;
        var rules = await BookingRules.Ask(tx).OneAsync(ct);
        var meant = await MeantAsync(tx, series, version, (ask.VisitId, ask.Scope), new("series.cancelled", "appointment_series", series), ct);
        if (!meant.IsOk) return meant.Refusal;
        if (CancelReasons.WhatIsWrong(await CancelReasons.Ask(tx).ReadAsync(ct), ask.Reason, CancelUse.Staff) is { } wrong) return wrong;
        foreach (var visit in meant.Value.Visits)
        {
            if (VisitStates.Judge(visit, VisitStatus.Cancelled, actor.Role, (tx.Now, ClinicTime.TodayAt(tx.Now, visit.TimeZone))) is { } refusal) return refusal;
            tx.Audit(new Access("appointment.cancelled", "appointment", visit.Id.Value), visit.PatientId);
            var put = await Calendar.PutAsync(tx, CancelAppointmentHandler.Cancelled(visit, new(ask.Reason, ask.By), rules, tx.Now), new(VisitAct.Cancelled), ct);
            if (!put.IsOk) return put.Refusal;
        }
        return await DoneAsync(tx, (series, VisitAct.Cancelled), meant.Value.Visits.Count, began, ct);
    }

    /// <summary>Takes one act back whole: booking, moving or cancelling. Refused when one of its visits was changed since, or its time is taken.</summary>
    public async Task<Outcome<ChangedSeries>> UndoAsync(Guid series, string act, Actor actor, CancellationToken ct)
    {
        if (SeriesAct.Read(act) is not { } what) return Refusals.NothingToUndo;
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var began = tx.Now;
        if (await tx.QueryOneOrNoneAsync<SeriesRow>(SeriesSql.SelectOne, new { id = series }, ct) is not { } row) return Refusals.UnknownSeries;
        tx.Audit(new Access("series.undone", "appointment_series", series), row.PatientId);
        var moved = await tx.QueryAsync<(AppointmentId Id, int Version, int MovedTo)>(SeriesSql.SelectMoved, new { id = series, from = what.FromInstant, to = what.ToInstant, actor.Person, what.Kind }, ct);
        if (moved.Count == 0) return Refusals.NothingToUndo;
        if (moved.Any(it => it.Version != it.MovedTo)) return Refusals.SeriesChanged;
        foreach (var (id, _, _) in moved)
        {
            var undone = await UndoOneAsync(tx, (await Calendar.FindForChangeAsync(tx, id, ct))!, ct);   // read a line up; nothing is ever deleted
            if (!undone.IsOk) return undone.Refusal;
        }
        return await DoneAsync(tx, (series, VisitAct.Undone), moved.Count, began, ct);
    }

    private static async Task<Outcome<Visit>> UndoOneAsync(ClinicTx tx, Visit visit, CancellationToken ct)
    {
        tx.Audit(new Access("appointment.undone", "appointment", visit.Id.Value), visit.PatientId);
        var target = UndoRules.TargetOf(await tx.QueryAsync<KeptMove>(SeriesSql.SelectHistory, new { visit.Id }, ct));
        if (target.IsNone) return Refusals.NothingToUndo;
        if (target.Version is not { } version)
        {
            var unbooked = visit.Now(VisitStatus.Cancelled, tx.Now) with { CancelReason = CancelCodes.BookedInError, CancelledBy = Names.Of(CancelSide.Clinic), IsLateCancel = false };
            return await Calendar.PutAsync(tx, unbooked, new(VisitAct.Undone), ct);
        }
        var before = (await Calendar.FindVersionAsync(tx, visit.Id, version, ct))!;   // every version has its row, written with it
        if (!VisitStates.MayUndo(before.Status, visit.Status, tx.Actor.Role)) return Refusals.NotYourMove;
        return await Calendar.PutAsync(tx, visit.In(before), new(VisitAct.Undone, version), ct);
    }

    /// <summary>The visits a change is for, by time; takes the turn. The one from which it is said is of the version the person saw.</summary>
    private static async Task<Outcome<MeantVisits>> MeantAsync(ClinicTx tx, Guid series, int version, (AppointmentId Visit, SeriesScope Scope) which, Access access, CancellationToken ct)
    {
        var opened = await Calendar.OpenAsync(tx, which.Visit, version, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        var anchor = opened.Value;
        var ids = await tx.QueryAsync<AppointmentId>(SeriesSql.SelectVisits, new { id = series }, ct);
        if (!ids.Contains(anchor.Id)) return Refusals.UnknownSeries;
        var visits = new List<Visit>();
        foreach (var id in ids)
        {
            if (id != anchor.Id && which.Scope == SeriesScope.This) continue;
            var visit = id == anchor.Id ? anchor : (await Calendar.FindAsync(tx, id, ct))!;   // of the list
            var isMeant = id == anchor.Id || (visit.Status.IsAwaited() && visit.StartsAt > (which.Scope == SeriesScope.Following ? anchor.StartsAt : tx.Now));
            if (isMeant) visits.Add(visit);
        }
        return new MeantVisits(anchor, visits);
    }

    private static Refusal? WhatIsWrong(MoveSeries ask, MeantVisits meant)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Day is { } day && Math.Abs(day.DayNumber - meant.Anchor.Day.DayNumber) > Year) refusal = refusal.On("day", "At most 53 weeks away: the others go as many days.");
        if (ask.Minutes is < 5 or > 480) refusal = refusal.On("minutes", "A visit lasts 5 to 480 minutes.");
        if (refusal.Errors.Count == 0 && ask.Choices is { } choices) refusal = SeriesRules.WrongChoice(choices, meant.Visits.Count);
        return refusal.Errors.Count > 0 ? refusal : null;
    }

    /// <summary>All that leave their times together; who is left as it is stays in the others' way.</summary>
    private static AppointmentId[] GoingOf(MoveSeries ask, MeantVisits meant) =>
        [.. meant.Visits.Index().Where(it => ask.ChoiceOf(it.Index + 1).Act != OccurrenceAct.Skip).Select(it => it.Item.Id)];

    private static MoveAppointment MoveOf(MoveSeries ask, Visit anchor, Visit visit) => new(
        Day: ask.Day is { } day ? visit.Day.AddDays(day.DayNumber - anchor.Day.DayNumber) : null, At: ask.At, Minutes: ask.Minutes, ProviderId: ask.ProviderId);

    private static MoveAppointment Chosen(MoveAppointment move, OccurrenceChoice choice, Visit visit)
    {
        var (day, at) = SeriesRules.TimeOf(choice, move.Day ?? visit.Day, move.At ?? TimeOnly.FromDateTime(visit.LocalStart));
        return move with { Day = day, At = at, IsConfirmed = choice.Act == OccurrenceAct.Keep };
    }

    private static async Task<Outcome<ChangedSeries>> DoneAsync(ClinicTx tx, (Guid Series, VisitAct Kind) what, int visits, DateTimeOffset began, CancellationToken ct)
    {
        var act = SeriesAct.Of(what.Kind, began, tx.Now);
        await tx.CommitAsync(ct);
        return new ChangedSeries(what.Series, visits, act.ToString());
    }

    private sealed record MeantVisits(Visit Anchor, IReadOnlyList<Visit> Visits);
}

/// <summary>A series as its row stands.</summary>
internal sealed record SeriesRow
{
    public Guid Id { get; init; }
    public int EveryWeeks { get; init; }
    public int Occurrences { get; init; }
    public PatientId PatientId { get; init; }
}
