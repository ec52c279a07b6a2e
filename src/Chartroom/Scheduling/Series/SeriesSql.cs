using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>What series ask of the database.</summary>
internal static class SeriesSql
{
    /// <summary>Takes the turn that changes of one clinic's calendar wait for; answers the zone of an open location, or null.</summary>
    public static async Task<string?> TakeTurnAsync(ClinicTx tx, LocationId location, CancellationToken ct) =>
        (await tx.QueryAsync<Turn>(SelectTurn, new { location }, ct)).SingleOrDefault()?.TimeZone;

    public static async Task<bool> KnowsAsync(ClinicTx tx, PatientId patient, CancellationToken ct) => (await tx.QueryAsync<bool>(IsPatientKnown, new { patient }, ct)).Single();

    private sealed record Turn
    {
        public string? TimeZone { get; init; }
    }

    private const string SelectTurn = """
        select (select time_zone from location where id = @location and is_active) as time_zone,
            pg_advisory_xact_lock(hashtextextended('appointment', hashtext(current_schema())))::text as lock
        """;

    /// <summary>Holds the patient: whoever puts them away at this moment waits, or has done so and is seen.</summary>
    private const string IsPatientKnown = """
        select count(*) > 0 from (select from patient where patient.id = @patient and patient.state <> 'merged' and patient.deleted_at is null for key share) as known
        """;

    internal const string Insert = """
        insert into appointment_series (id, patient_id, every_weeks, occurrences, first_local, time_zone, booked_by, created_at)
        values (@id, @patientId, @everyWeeks, @times, @firstLocal, @zone, @person, @now)
        """;

    internal const string Join = """
        update appointment
        set series_id = @id
        where id = any(@visits)
        """;

    internal const string SelectOfVisit = """
        select appointment_series.id, appointment_series.every_weeks, appointment_series.occurrences, appointment_series.patient_id
        from appointment_series
        where appointment_series.id = (select series_id from appointment where id = @visit)
        """;

    internal const string SelectOne = """
        select id, every_weeks, occurrences, patient_id
        from appointment_series
        where id = @id
        """;

    internal const string SelectVisits = """
        select appointment.id
        from appointment
        where appointment.series_id = @id
        order by appointment.starts_at, appointment.id
        """;

    /// <summary>Which visits an act moved, and whether they stand as it left them; in the order in which each goes back to a time that the one before it has left.</summary>
    internal const string SelectMoved = """
        with moved as (
            select appointment.id, appointment.version, appointment.starts_at, max(appointment_move.version) as moved_to
            from appointment
            join appointment_move on appointment_move.appointment_id = appointment.id
            where appointment.series_id = @id and appointment_move.at between @from and @to and appointment_move.moved_by = @person and appointment_move.act = @kind
            group by appointment.id, appointment.version, appointment.starts_at
        )
        select moved.id, moved.version, moved.moved_to
        from moved
        left join appointment_move as was on was.appointment_id = moved.id and was.version = moved.moved_to - 1
        order by extract(epoch from moved.starts_at) * case when was.starts_at > moved.starts_at then -1 else 1 end, moved.id
        """;

    internal const string SelectHistory = """
        select version, act, restores
        from appointment_move
        where appointment_id = @id
        order by version
        """;
}
