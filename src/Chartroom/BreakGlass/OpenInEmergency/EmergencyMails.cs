using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;

namespace Chartroom.BreakGlass;

/// <summary>Tells every administrator of the clinic by e-mail, without a word about the patient.</summary>
internal sealed class EmergencyMails(PlatformOptions options)
{
    public async Task EnqueueAsync(PlatformTx tx, Actor actor, DateTimeOffset at, CancellationToken ct)
    {
        var rows = await tx.QueryAsync<Row>(SelectAdministrators, new { actor.Clinic, actor.Person }, ct);
        foreach (var row in rows) tx.Enqueue(Of(row, at), actor.Clinic);
    }

    private OutboxMessage Of(Row row, DateTimeOffset at) => new(row.Email, "Emergency access to a chart", $"""
        {row.OpenedBy} opened a chart at {row.Clinic} by emergency access, {ClinicTime.Local(at, row.TimeZone):yyyy-MM-dd HH:mm} ({row.TimeZone}). It is open for 60 minutes at most.

        Look at the reason and at what was done, and say whether it was justified:

        {options.PublicUrl.TrimEnd('/')}/settings/break-glass
        """);

    private sealed record Row
    {
        public required string Email { get; init; }
        public required string OpenedBy { get; init; }
        public required string Clinic { get; init; }
        public required string TimeZone { get; init; }
    }

    private const string SelectAdministrators = """
        select person.email, opener.name as opened_by, clinic.name as clinic, clinic.time_zone
        from platform.membership
        join platform.person on person.id = membership.person_id and person.state = 'active'
        join platform.clinic on clinic.id = membership.clinic_id
        join platform.person as opener on opener.id = @person
        where membership.clinic_id = @clinic and membership.role = 'admin' and membership.ended_at is null
        order by person.email
        """;
}
