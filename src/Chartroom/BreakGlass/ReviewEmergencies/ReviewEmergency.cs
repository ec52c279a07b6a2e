using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.BreakGlass;

/// <summary>Judges an emergency access, once.</summary>
/// <param name="IsJustified">Whether it was right.</param>
/// <param name="Note">Why, 3 to 1,000 characters; kept under the patient's key.</param>
public sealed record ReviewEmergency(bool? IsJustified, string? Note);

/// <summary>Writes down what an administrator found. Nobody judges their own (constraint break_glass_review_by_another) but an administrator who is alone, whose finding
/// says so (trigger break_glass_review_sole_admin). The mark on the shared side, which takes the
/// notice away, goes last and is made again whenever the queue is opened.
/// Refuses <c>break-glass.no-such-access</c>, <c>own-access</c>, <c>reviewed</c>, <c>invalid-review</c>.</summary>
internal sealed class ReviewEmergencyHandler(TenantDb db, PlatformDb platform)
{
    private const int Shortest = 3, Longest = 1000;

    public async Task<Outcome<Done>> HandleAsync(Guid id, ReviewEmergency ask, Actor actor, CancellationToken ct)
    {
        var note = ask.Note?.Trim() ?? "";
        if (ask.IsJustified is null) return Refusals.InvalidReview.On("isJustified", "Choose one.");
        if (note.Length is < Shortest or > Longest) return Refusals.InvalidReview.On("note", $"Write {Shortest} to {Longest:N0} characters.");
        var recorded = await RecordAsync(id, ask.IsJustified.Value, note, actor, ct);
        if (recorded.IsOk) await MarkAsync([id], actor, ct);
        return recorded;
    }

    /// <summary>Takes the notice away for those that are judged; doing it twice changes nothing.</summary>
    public async Task MarkAsync(Guid[] judged, Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        await tx.ExecuteAsync("""
            update platform.emergency
            set reviewed_at = @now
            where clinic_id = @clinic and id = any(@judged) and reviewed_at is null
            """, new { judged, actor.Clinic, now = tx.Now }, ct);
        tx.Audit(new("break_glass.reviewed", "break_glass", judged is [var only] ? only : null), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
    }

    private async Task<Outcome<Done>> RecordAsync(Guid id, bool isJustified, string note, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ReviewEmergencies, ct);
        if (await tx.QueryOneOrNoneAsync<Row>("select patient_id, person_id from break_glass where id = @id", new { id }, ct) is not { } row
            || await tx.OpenPatientAsync(row.PatientId, new("break_glass.reviewed", "break_glass", id, Purpose.Operations), ct) is not { } key) return Refusals.NoSuchAccess;
        var isOwn = row.PersonId == actor.Person;
        var content = key.Seal(note, new("break_glass_review", "content", id));
        try
        {
            var inserted = await tx.ExecuteAsync(Insert, new { id, row.PatientId, row.PersonId, actor.Person, isOwn, isJustified, content, keyVersion = key.Version, now = tx.Now }, ct);
            if (inserted == 0) return Refusals.Reviewed;
        }
        catch (PostgresException refused) when (refused.ConstraintName == "break_glass_review_sole_admin")
        {
            return Refusals.OwnAccess;
        }
        if (isOwn) tx.Audit(new("break_glass.self-reviewed", "break_glass", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private sealed record Row
    {
        public PatientId PatientId { get; init; }
        public PersonId PersonId { get; init; }
    }

    private const string Insert = """
        insert into break_glass_review (break_glass_id, patient_id, person_id, reviewed_by, is_self_reviewed, is_justified, content, key_version, reviewed_at)
        values (@id, @patientId, @personId, @person, @isOwn, @isJustified, @content, @keyVersion, @now)
        on conflict on constraint break_glass_review_pkey do nothing
        """;
}
