using System.Globalization;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Patients;

/// <summary>A part of all patients.</summary>
/// <param name="Next">Ask with this as <c>after</c> for the next part; absent on the last.</param>
public sealed record PatientPart(IReadOnlyList<PatientLine> Patients, string? Next)
{
    /// <summary>The clinic's.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public string TimeZone { get; init; } = "UTC";
}

/// <summary>Which part is asked for.</summary>
/// <param name="After">A <see cref="PatientPart.Next"/>; anything else begins at the start.</param>
/// <param name="Limit">1 to 200; 25 when absent.</param>
/// <param name="Away">True for those who were put away, the last one first, instead of those who are here.</param>
public sealed record PatientsAsk(string? After, int? Limit, bool Away = false);

/// <summary>A place in the list, most recently seen first: time and key of the last patient shown, no PHI.</summary>
internal readonly record struct ListCursor(DateTimeOffset SeenAt, PatientId Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SeenAt.UtcTicks}_{Id}");

    public static ListCursor? Read(string? text)
    {
        if (text?.Split('_') is not [var ticks, var id] || !PatientId.TryParse(id, out var patient)) return null;
        return long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
            ? new(new(at, TimeSpan.Zero), patient) : null;
    }
}

/// <summary>Lists patients, most recently seen first; names those shown in one event.</summary>
internal sealed class ListPatientsHandler(TenantDb db)
{
    internal const string Listed = "patient.listed";
    private const int Usual = 25, Most = 200;

    public async Task<Outcome<PatientPart>> HandleAsync(PatientsAsk ask, Actor actor, CancellationToken ct)
    {
        var most = Math.Clamp(ask.Limit ?? Usual, 1, Most);
        var cursor = ListCursor.Read(ask.After);
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var rows = await tx.QueryAsync<PatientRow>(ask.Away ? SelectAway : Select, new { at = cursor?.SeenAt, id = cursor?.Id, most = most + 1 }, ct);
        var shown = await PatientReads.OpenAllAsync(tx, [.. rows.Take(most)], new(Listed, "patient"), ct);
        await tx.CommitAsync(ct);
        var next = rows.Count > most ? new ListCursor(ask.Away ? rows[most - 1].DeletedAt!.Value : rows[most - 1].SeenAt, rows[most - 1].Id).ToString() : null;
        return new PatientPart([.. shown.Select(patient => patient.Line)], next) { TimeZone = rows is [var any, ..] ? any.TimeZone : "UTC" };
    }

    private const string Select = """
        select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
            (select clinic.time_zone from platform.clinic) as time_zone
        from patient
        where patient.deleted_at is null and (@at::timestamptz is null or (patient.seen_at, patient.id) < (@at, @id))
        order by patient.seen_at desc, patient.id desc
        limit @most
        """;

    private const string SelectAway = """
        select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
            patient.put_away_by, patient.put_away_reason, patient.deleted_at, staff.display_name as put_away_name, (select clinic.time_zone from platform.clinic) as time_zone
        from patient
        join staff on staff.id = patient.put_away_by
        where patient.put_away_by is not null and (@at::timestamptz is null or (patient.deleted_at, patient.id) < (@at, @id))
        order by patient.deleted_at desc, patient.id desc
        limit @most
        """;

    internal static void MapApi(RouteGroupBuilder api) => api.MapGet("/patients",
            async (string? after, int? limit, bool? away, ListPatientsHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(new(after, limit, away ?? false), actor, ct)).ToHttp(TypedResults.Ok))
        .Requires(Permission.SeePatients).Audits(Listed).WithSummary("Patients, most recently seen first; with away=true those who were put away, the last one first");
}
