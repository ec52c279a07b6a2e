using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Takes the last move back that has not been taken back yet; again and again back to the booking, whose undoing cancels the visit as booked in error.</summary>
internal sealed class UndoMoveHandler(TenantDb db)
{
    public async Task<Outcome<Visit>> HandleAsync(AppointmentId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var opened = await Calendar.OpenAsync(tx, id, version, new("appointment.undone", "appointment", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        var history = await tx.QueryAsync<KeptMove>(SelectHistory, new { id }, ct);
        return UndoRules.TargetOf(history) switch
        {
            { IsNone: true } => Refusals.NothingToUndo,
            { Version: { } target } => await RestoreAsync(tx, visit, target, ct),
            _ => await UnbookAsync(tx, visit, ct),
        };
    }

    private static async Task<Outcome<Visit>> RestoreAsync(ClinicTx tx, Visit visit, int target, CancellationToken ct)
    {
        var before = (await Calendar.FindVersionAsync(tx, visit.Id, target, ct))!;   // every version has its row, written with it
        if (!VisitStates.MayUndo(before.Status, visit.Status, tx.Actor.Role)) return Refusals.NotYourMove;
        return await Calendar.KeepAsync(tx, visit.In(before), new(VisitAct.Undone, target), ct);
    }

    private static Task<Outcome<Visit>> UnbookAsync(ClinicTx tx, Visit visit, CancellationToken ct)
    {
        var next = visit.Now(VisitStatus.Cancelled, tx.Now) with
        {
            CancelReason = CancelCodes.BookedInError, CancelledBy = Names.Of(CancelSide.Clinic), IsLateCancel = false,
        };
        return Calendar.KeepAsync(tx, next, new(VisitAct.Undone), ct);
    }

    internal const string SelectHistory = """
        select version, act, restores
        from appointment_move
        where appointment_id = @id
        order by version
        """;
}

/// <summary>A move as far as undoing needs to know it.</summary>
internal sealed record KeptMove(int Version, string Act, int? Restores);

/// <summary>What an undo restores, apart from the database.</summary>
internal static class UndoRules
{
    /// <summary>Where an undo leads: to an earlier version, to before the booking (<see cref="Version"/> null), or nowhere.</summary>
    public readonly record struct Target(int? Version, bool IsNone);

    /// <summary>
    /// A version that restored an earlier one stands where that one stood, so undoing walks back move by move and never in circles. A hold that it began as
    /// is not restored: its time is over, so what follows it counts as the booking.
    /// </summary>
    /// <param name="history">All moves, oldest first.</param>
    public static Target TargetOf(IReadOnlyList<KeptMove> history)
    {
        var last = history[^1];
        if (last is { Act: "undone", Restores: null }) return new(null, true);
        var stand = last.Restores ?? last.Version;
        if (stand == 1 || history[stand - 2].Act == "held") return new(null, false);
        var before = history[stand - 2];   // versions count from 1 without gaps
        return new(before.Restores ?? before.Version, false);
    }
}
