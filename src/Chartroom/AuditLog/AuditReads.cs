using Chartroom.Platform.Tenancy;

namespace Chartroom.AuditLog;

/// <summary>The two statements of the log. What touched patients has its own index and stands in the clinic's schema only.</summary>
internal static class AuditReads
{
    /// <summary>What a filter may ask for.</summary>
    internal static readonly string[] Purposes = ["treatment", "payment", "operations", "patient_request", "emergency", Other];

    /// <summary>All that 45 CFR 164.528 does not leave out.</summary>
    private const string Other = "other";

    public static async Task<List<AuditEntry>> ReadAsync(ClinicTx tx, AuditFilter filter, AuditCursor? before, int most, CancellationToken ct)
    {
        var zone = await tx.QueryOneOrNoneAsync<string>("select clinic.time_zone from platform.clinic", null, ct)
            ?? throw new InvalidOperationException("The clinic of this transaction has no row.");
        var common = new
        {
            filter.Person,
            filter.Outcome,
            purposes = filter.Purpose switch { null => null, Other => ["patient_request", "emergency"], var purpose => new[] { purpose } },
            action = filter.Action is { } act && !act.EndsWith('.') ? act : null,
            kind = filter.Action is { } all && all.EndsWith('.') ? all : null,
            from = filter.From is { } first ? ClinicTime.DayOf(first, zone).From : (DateTimeOffset?)null,
            to = filter.To is { } last ? ClinicTime.DayOf(last, zone).To : (DateTimeOffset?)null,
            at = before?.At,
            id = before?.Id,
            patients = filter.Patient is { } patient ? new[] { patient.Value } : [],
            most,
        };
        if (filter.Patient is not { } one) return await tx.QueryAsync<AuditEntry>(SelectAll, common, ct);
        return [.. (await tx.QueryAsync<AuditEntry>(SelectOfPatient, common, ct)).Select(it => OfOne(it, one.Value))];
    }

    /// <summary>The event without the other patients whom it named as well: what is asked about one patient may be handed to them.</summary>
    private static AuditEntry OfOne(AuditEntry it, Guid patient) =>
        it with { PatientIds = [patient], ResourceId = it.Resource == "patient" && it.ResourceId != patient ? null : it.ResourceId };

    private const string SelectAll = """
        select event.id, event.at, event.person_id, coalesce(staff.display_name, api_client.name) as person_name, event.role, event.action, event.resource, event.resource_id,
            event.patient_ids, event.purpose, event.outcome, event.door, event.ip, event.device_id, event.agent, event.language, event.session_id, event.trace_id
        from (
            (select id, at, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, ip, device_id, agent, language, session_id, trace_id
            from audit_event
            where (@person::uuid is null or person_id = @person) and (@action::text is null or action = @action)
                and (@kind::text is null or starts_with(action, @kind)) and (@from::timestamptz is null or at >= @from)
                and (@to::timestamptz is null or at < @to) and (@at::timestamptz is null or (at, id) < (@at, @id))
                and (@outcome::text is null or outcome = @outcome) and (@purposes::text[] is null or purpose = any(@purposes))
            order by at desc, id desc
            limit @most)
            union all
            (select id, at, person_id, null, action, resource, resource_id, '{}'::uuid[], null, outcome, door, ip, device_id, agent, language, session_id, trace_id
            from platform.audit_event
            where (@person::uuid is null or person_id = @person) and (@action::text is null or action = @action)
                and (@kind::text is null or starts_with(action, @kind)) and (@from::timestamptz is null or at >= @from)
                and (@to::timestamptz is null or at < @to) and (@at::timestamptz is null or (at, id) < (@at, @id))
                and (@outcome::text is null or outcome = @outcome) and @purposes::text[] is null
            order by at desc, id desc
            limit @most)
        ) as event
        left join staff on staff.id = event.person_id
        left join platform.api_client on api_client.id = event.person_id
        order by event.at desc, event.id desc
        limit @most
        """;

    private const string SelectOfPatient = """
        select event.id, event.at, event.person_id, coalesce(staff.display_name, api_client.name) as person_name, event.role, event.action, event.resource, event.resource_id,
            event.patient_ids, event.purpose, event.outcome, event.door, event.ip, event.device_id, event.agent, event.language, event.session_id, event.trace_id
        from audit_event as event
        left join staff on staff.id = event.person_id
        left join platform.api_client on api_client.id = event.person_id
        where event.patient_ids @> @patients
            and (@person::uuid is null or event.person_id = @person) and (@action::text is null or event.action = @action)
            and (@kind::text is null or starts_with(event.action, @kind)) and (@from::timestamptz is null or event.at >= @from)
            and (@to::timestamptz is null or event.at < @to) and (@at::timestamptz is null or (event.at, event.id) < (@at, @id))
            and (@outcome::text is null or event.outcome = @outcome) and (@purposes::text[] is null or event.purpose = any(@purposes))
        order by event.at desc, event.id desc
        limit @most
        """;
}
