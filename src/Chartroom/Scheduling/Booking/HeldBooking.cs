using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>The row behind <see cref="HeldSlot"/>.</summary>
internal sealed record HeldRow
{
    public AppointmentId Id { get; init; }
    public StaffId ProviderId { get; init; }
    public LocationId LocationId { get; init; }
    public VisitTypeId VisitTypeId { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public string TimeZone { get; init; } = "";
    public DateTimeOffset HeldUntil { get; init; }

    public HeldSlot ToSlot() => new(Id, ProviderId, LocationId, VisitTypeId, StartsAt, EndsAt, LocalStart, TimeZone, HeldUntil);

    public const string Select = """
        select id, provider_id, location_id, visit_type_id, starts_at, ends_at, local_start, time_zone, held_until
        from appointment
        where id = @hold and status = 'held' and held_until > @now
        """;
}

/// <summary>A patient as online booking sees one, and what the clinic offers to such a one.</summary>
internal sealed record OnlinePatient
{
    public bool IsKnown { get; init; }
    /// <summary>Visits ahead that were booked online.</summary>
    public int Upcoming { get; init; }
    /// <summary>True once a visit here was completed.</summary>
    public bool IsExisting { get; init; }
    /// <summary>What is offered of that type with that provider: <c>book</c>, <c>request</c>, or null for nothing.</summary>
    public string? Mode { get; init; }

    public PatientKind Kind => IsExisting ? PatientKind.Existing : PatientKind.New;

    /// <summary>Two bookings of one patient wait for each other from here on, so that the count holds.</summary>
    public static async Task<OnlinePatient> AskAsync(ClinicTx tx, PatientId patient, (VisitTypeId Type, StaffId Provider) what, PatientKind? claimed, CancellationToken ct)
    {
        tx.Ask<string>(Lock, new { patient });
        return (await tx.QueryOneOrNoneAsync<OnlinePatient>(Select, new { patient, type = what.Type, provider = what.Provider, claimed, tx.Now }, ct))!;   // always one row
    }

    private const string Lock = """
        select pg_advisory_xact_lock(hashtextextended('online ' || @patient::text, hashtext(current_schema())))::text
        """;

    private const string Select = """
        select kind.is_existing, (select count(*) > 0 from (select from patient where id = @patient and state <> 'merged' and deleted_at is null for key share) as known) as is_known,
            (select count(*)::int from appointment where patient_id = @patient and starts_at > @now and source = 'online'
                and status in ('requested', 'booked', 'confirmed')) as upcoming,
            (select mode from online_offer where visit_type_id = @type and provider_id = @provider
                and patient_kind = case when kind.is_existing then 'existing' else 'new' end) as mode
        from (select case when @claimed::text is null then exists (select from appointment where patient_id = @patient and status = 'completed') else @claimed::text = 'existing' end as is_existing) as kind
        """;
}

/// <summary>Whose visit a hold becomes.</summary>
internal sealed record HeldAsk(PatientId Patient, string? Reason, bool AsRequest)
{
    /// <summary>True when the caller has judged offer and limit by what the visitor said, so that nothing known of the patient shows.</summary>
    public bool IsJudged { get; init; }
}

/// <summary>A hold becomes a visit.</summary>
internal static class HeldBooking
{
    private const int LongestReason = 1000;

    public static async Task<Outcome<VisitFacts>> BookAsync(ClinicTx tx, AppointmentId hold, HeldAsk ask, CancellationToken ct)
    {
        if (ask.Reason?.Length > LongestReason) return Refusals.BadReason.On("reason", Refusals.BadReason.Title);
        var access = new Platform.Audit.Access("appointment.booked", "appointment", hold.Value);
        tx.Audit(access, ask.Patient);
        var asked = BookingRules.Ask(tx);
        if (await tx.QueryOneOrNoneAsync<OpenHold>(SelectForChange, new { hold, tx.Now }, ct) is not { } held) return Refusals.HoldEnded;
        var patient = await OnlinePatient.AskAsync(tx, ask.Patient, (held.VisitTypeId, held.ProviderId), null, ct);
        if (!patient.IsKnown) return Refusals.UnknownPatient;
        var isOnline = held.Source == "online";
        if (isOnline && !ask.IsJudged && patient.Mode is null) return Refusals.NotOffered.With("reasons", new[] { SlotJudge.NotOnline.Code });
        if (isOnline && !ask.IsJudged && patient.Upcoming >= (await asked.OneAsync(ct)).MostUpcoming) return Refusals.TooManyUpcoming;

        var (reason, keyVersion) = await BookAppointmentHandler.SealAsync(tx, (hold, ask.Patient), ask.Reason, access, ct);
        var isRequest = ask.AsRequest || (isOnline && !ask.IsJudged && patient.Mode == "request");
        var status = VisitStates.NameOf(isRequest ? VisitStatus.Requested : VisitStatus.Booked);
        if (await tx.ExecuteAsync(Update, new { hold, ask.Patient, status, reason, keyVersion, tx.Now }, ct) == 0) return Refusals.HoldEnded;
        var visit = (await Calendar.FindAsync(tx, hold, ct))!;   // just written
        Calendar.QueueMove(tx, visit, new(isRequest ? VisitAct.Requested : VisitAct.Booked, By: isOnline ? ask.Patient : null));
        return (await Visits.FindAsync(tx, hold, ct))!;
    }

    private sealed record OpenHold(VisitTypeId VisitTypeId, StaffId ProviderId, string Source);

    private const string SelectForChange = """
        select visit_type_id, provider_id, source
        from appointment
        where id = @hold and status = 'held' and held_until > @now
        for update
        """;

    private const string Update = """
        update appointment
        set patient_id = @patient, status = @status, status_changed_at = @now, held_until = null, reason = @reason, reason_key_version = @keyVersion,
            version = version + 1, updated_at = @now
        where id = @hold and status = 'held' and held_until > @now
        """;
}
