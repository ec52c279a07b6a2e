using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.BreakGlass;

/// <summary>What an administrator found.</summary>
/// <param name="Note">Why they think so; null when the patient's key is destroyed.</param>
/// <param name="IsSelfReviewed">Whether it was their own access, judged because the clinic had no other administrator.</param>
public sealed record EmergencyFinding(bool IsJustified, string? Note, string By, DateTimeOffset At, bool IsSelfReviewed);

/// <summary>An emergency access as it is reviewed.</summary>
/// <param name="Reason">As given; null when the patient's key is destroyed.</param>
/// <param name="EndedAt">When it was over: at the button, or after 60 minutes. In the future while it lasts.</param>
/// <param name="Acts">Events of the audit log that it made possible.</param>
/// <param name="Finding">Null while it waits.</param>
public sealed record EmergencyAccess(
    Guid Id, PatientId Patient, Guid PersonId, string Person, string Role, string? Reason, DateTimeOffset OpenedAt, DateTimeOffset EndedAt, long Acts, EmergencyFinding? Finding)
{
    /// <summary>The patient's name, on the page only.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public string? PatientName { get; init; }
}

/// <summary>A part of the queue, newest first.</summary>
/// <param name="Next">Ask with this as <c>before</c> for the part before; absent at the end.</param>
public sealed record EmergencyPart(IReadOnlyList<EmergencyAccess> Accesses, Guid? Next)
{
    /// <summary>Whether whoever reads this is the only administrator, for the page.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public bool IsSoleAdmin { get; init; }
}

/// <summary>Lists emergency accesses with their reasons; one event names all their patients. Administrators only.</summary>
internal sealed class EmergencyQueue(TenantDb db)
{
    internal const string Listed = "break_glass.listed";
    private const int AtOnce = 50;

    /// <param name="only">That one alone.</param>
    public async Task<EmergencyPart> ListAsync(Guid? before, Guid? only, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ReviewEmergencies, ct);
        var rows = await tx.QueryAsync<Row>(Select, new { before, only, most = AtOnce + 1 }, ct);
        List<Row> shown = [.. rows.Take(AtOnce)];
        PatientId[] patients = [.. shown.Select(row => row.PatientId).Distinct()];
        var access = new Access(Listed, "break_glass", Purpose: Purpose.Operations);
        var names = await PatientRegister.NamesOnRecordAsync(tx, patients, access, ct);
        var keys = patients.Length == 0 ? new Dictionary<PatientId, PatientKey>() : await tx.OpenPatientsAsync(patients, access, ct);
        var accesses = shown.Select(row => row.Open(keys.GetValueOrDefault(row.PatientId)) with { PatientName = names.GetValueOrDefault(row.PatientId)?.Name }).ToList();
        var hasOther = await tx.QueryOneOrNoneAsync<bool>("select has_another_admin(@Person)", new { actor.Person }, ct);
        await tx.CommitAsync(ct);
        return new(accesses, rows.Count > AtOnce ? shown[^1].Id : null) { IsSoleAdmin = !hasOther };
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public PatientId PatientId { get; init; }
        public Guid PersonId { get; init; }
        public required string Person { get; init; }
        public required string Role { get; init; }
        public required byte[] Content { get; init; }
        public DateTimeOffset OpenedAt { get; init; }
        public DateTimeOffset EndedAt { get; init; }
        public long Acts { get; init; }
        public bool? IsJustified { get; init; }
        public bool? IsSelfReviewed { get; init; }
        public byte[]? Note { get; init; }
        public string? Reviewer { get; init; }
        public DateTimeOffset? ReviewedAt { get; init; }

        public EmergencyAccess Open(PatientKey? key) => new(Id, PatientId, PersonId, Person, Role,
            key?.Open<string>(Content, new("break_glass", "content", Id)), OpenedAt, EndedAt, Acts, FindingOf(key));

        private EmergencyFinding? FindingOf(PatientKey? key) => IsJustified is { } justified && Note is not null && ReviewedAt is { } at
            ? new(justified, key?.Open<string>(Note, new("break_glass_review", "content", Id)), Reviewer ?? "", at, IsSelfReviewed == true) : null;
    }

    private const string Select = """
        select break_glass.id, break_glass.patient_id, break_glass.person_id, staff.display_name as person, break_glass.role, break_glass.content, break_glass.opened_at,
            coalesce(break_glass_end.ended_at, break_glass.ends_at) as ended_at,
            (select count(*) from audit_event
                where audit_event.purpose = 'emergency' and audit_event.person_id = break_glass.person_id and audit_event.patient_ids @> array[break_glass.patient_id]
                    and audit_event.at >= break_glass.opened_at and audit_event.at <= coalesce(break_glass_end.ended_at, break_glass.ends_at)) as acts,
            break_glass_review.is_justified, break_glass_review.is_self_reviewed, break_glass_review.content as note, reviewer.display_name as reviewer, break_glass_review.reviewed_at
        from break_glass
        join staff on staff.id = break_glass.person_id
        left join break_glass_end on break_glass_end.break_glass_id = break_glass.id
        left join break_glass_review on break_glass_review.break_glass_id = break_glass.id
        left join staff as reviewer on reviewer.id = break_glass_review.reviewed_by
        where (@before::uuid is null or break_glass.id < @before) and (@only::uuid is null or break_glass.id = @only)
        order by break_glass.id desc
        limit @most
        """;
}
