using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.BreakGlass;

/// <summary>Restricts a chart to its care team, or changes the team.</summary>
/// <param name="Team">Colleagues for whom it opens: providers and administrators, at least one.</param>
public sealed record RestrictChart(IReadOnlyList<StaffId>? Team);

/// <summary>A colleague, and whether the chart opens for them.</summary>
public sealed record TeamMember(StaffId Id, string DisplayName, string Role, bool IsInTeam);

/// <summary>Who may open a patient's chart.</summary>
/// <param name="Version">Of the restriction, also the ETag; 0 when there is none.</param>
/// <param name="IsShut">True when it does not open for whoever asks, by role or by restriction.</param>
/// <param name="Staff">Those whose role opens charts.</param>
public sealed record ChartAccess(PatientId Patient, int Version, bool IsShut, IReadOnlyList<TeamMember> Staff)
{
    public bool IsRestricted => Version > 0;
}

/// <summary>Says for whom a chart opens. The database holds it: its rows are not there for others (policies <c>…_care_team</c>).
/// Refuses <c>break-glass.no-such-patient</c>, <c>invalid-team</c>, <c>not-restricted</c>, <c>platform.stale-version</c>.</summary>
internal sealed class RestrictChartHandler(TenantDb db)
{
    internal const string Read = "chart.restriction-read";

    public async Task<Outcome<ChartAccess>> ReadAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var found = await AccessAsync(tx, patient, ct);
        if (found is null) return Refusals.NoSuchPatient;
        tx.Audit(new(Read, "patient", patient.Value, Purpose.Operations), patient);
        await tx.CommitAsync(ct);
        return found;
    }

    /// <param name="version">The version the team was changed from; 0 to restrict a chart that is open to all.</param>
    public async Task<Outcome<int>> RestrictAsync(PatientId patient, int version, RestrictChart ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.RestrictCharts, ct);
        tx.Audit(new("chart.restricted", "patient", patient.Value, Purpose.Operations), patient);
        if (await AccessAsync(tx, patient, ct) is not { } present) return Refusals.NoSuchPatient;
        StaffId[] team = [.. (ask.Team ?? []).Distinct()];
        if (team.Length == 0 || team.Except(present.Staff.Select(member => member.Id)).Any()) return Refusals.InvalidTeam.On("team", "Choose at least one provider or administrator of this clinic.");
        var changed = await tx.ExecuteAsync(version == 0 ? Insert : Update, new { patient, version, actor.Person, now = tx.Now }, ct);
        if (changed == 0) return Versions.StaleAt(present.Version);
        tx.Queue("delete from care_team where patient_id = @patient", new { patient });
        tx.Queue("insert into care_team (patient_id, staff_id) select @patient, unnest(@team)", new { patient, team });
        await tx.CommitAsync(ct);
        return version + 1;
    }

    public async Task<Outcome<Done>> LiftAsync(PatientId patient, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.RestrictCharts, ct);
        tx.Audit(new("chart.restriction-lifted", "patient", patient.Value, Purpose.Operations), patient);
        if (await AccessAsync(tx, patient, ct) is not { } present) return Refusals.NoSuchPatient;
        if (!present.IsRestricted) return Refusals.NotRestricted;
        var gone = await tx.ExecuteAsync("delete from chart_restriction where patient_id = @patient and version = @version", new { patient, version }, ct);
        if (gone == 0) return Versions.StaleAt(present.Version);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static async Task<ChartAccess?> AccessAsync(ClinicTx tx, PatientId patient, CancellationToken ct)
    {
        var version = tx.Ask<int>("""
            select coalesce(chart_restriction.version, 0)
            from patient
            left join chart_restriction on chart_restriction.patient_id = patient.id
            where patient.id = @patient and patient.deleted_at is null
            """, new { patient });
        var staff = await tx.QueryAsync<MemberRow>("""
            select staff.id, staff.display_name, staff.role,
                exists (select from care_team where care_team.patient_id = @patient and care_team.staff_id = staff.id) as is_in_team
            from staff
            where staff.is_active and staff.role in ('admin', 'provider')
            order by lower(staff.display_name), staff.id
            """, new { patient }, ct);
        if ((await version.ReadAsync(ct)) is not [var found]) return null;
        var isOpen = Rights.Allows(tx.Actor.Role, Permission.SeeCharts) && (found == 0 || staff.Exists(row => row.Id == tx.Actor.Staff && row.IsInTeam));
        return new(patient, found, !isOpen, [.. staff.Select(row => new TeamMember(row.Id, row.DisplayName, row.Role, row.IsInTeam))]);
    }

    private sealed record MemberRow
    {
        public StaffId Id { get; init; }
        public required string DisplayName { get; init; }
        public required string Role { get; init; }
        public bool IsInTeam { get; init; }
    }

    private const string Insert = """
        insert into chart_restriction (patient_id, version, changed_by, changed_at)
        values (@patient, @version + 1, @person, @now)
        on conflict on constraint chart_restriction_pkey do nothing
        """;

    private const string Update = """
        update chart_restriction
        set version = version + 1, changed_by = @person, changed_at = @now
        where patient_id = @patient and version = @version
        """;
}
