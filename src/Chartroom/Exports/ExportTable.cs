using System.Text.Json;
using Chartroom.Platform.Vault;

namespace Chartroom.Exports;

/// <summary>
/// A table that leaves as it stands: every column but those that mean something to the program only, its sealed column opened. The columns are the database's own,
/// so that a new one leaves without anybody thinking of it; that is why the rows are read whole.
/// </summary>
/// <param name="Table">As the data register names it.</param>
/// <param name="Sql">Gives <c>patient_id</c> (null for the clinic's own), <c>fields</c> and <c>sealed</c>; for patients' rows asks for those of <c>@patients</c>.</param>
internal sealed record ExportTable(string Table, string Sql)
{
    /// <summary>File name without its ending: <c>appointment-move</c>.</summary>
    public string Name => Table[(Table.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', '-');

    /// <summary>The column that is opened; null when nothing is sealed.</summary>
    public string? Sealed { get; init; }

    /// <summary>For a table of patients that has rows about nobody too: gives those, sealed under the clinic's key. Null where there are none.</summary>
    public string? OwnSql { get; init; }

    /// <summary>Where it is sealed, from the row's other columns.</summary>
    public Func<JsonElement, Cell> CellOf { get; init; } = _ => throw new InvalidOperationException("The table has no sealed column.");

    /// <summary>True when the rows belong to patients, who are opened and named part by part.</summary>
    public bool IsOfPatients => Sql.Contains("@patients", StringComparison.Ordinal);

    /// <summary>Keys' versions, blind indexes and secrets: worthless or dangerous outside.</summary>
    private static readonly string[] LeftOut = ["key_version", "reason_key_version", "words_key_version", "own_words", "own_words_key_version", "note_key_version", "address_key_version", "search", "source_key", "content_hash", "token_hash"];

    public static bool Leaves(string column) => !LeftOut.Contains(column);

    public static string CamelCase(string column) => JsonNamingPolicy.CamelCase.ConvertName(string.Concat(column.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..])));
}

/// <summary>The tables that leave as they stand.</summary>
internal static class ExportTables
{
    public static readonly IReadOnlyList<ExportTable> All =
    [
        new("appointment", """
            select appointment.patient_id, to_jsonb(appointment) - 'reason' as fields, appointment.reason as sealed
            from appointment
            where appointment.patient_id = any(@patients)
            order by appointment.patient_id, appointment.id
            """) { Sealed = "reason", CellOf = row => new("appointment", "reason", Id(row)) },
        new("appointment_move", """
            select appointment.patient_id, to_jsonb(appointment_move) as fields, null::bytea as sealed
            from appointment_move
            join appointment on appointment.id = appointment_move.appointment_id
            where appointment.patient_id = any(@patients)
            order by appointment.patient_id, appointment_move.appointment_id, appointment_move.version
            """),
        new("patient_version", """
            select patient_version.patient_id, to_jsonb(patient_version) - 'demographics' as fields, patient_version.demographics as sealed
            from patient_version
            where patient_version.patient_id = any(@patients)
            order by patient_version.patient_id, patient_version.version
            """) { Sealed = "demographics", CellOf = row => new("patient", $"demographics.{Version(row)}", Id(row, "patient_id")) },
        new("entry_version", """
            select entry_version.patient_id, to_jsonb(entry_version) - 'content' as fields, entry_version.content as sealed
            from entry_version
            join entry on entry.id = entry_version.entry_id
            where entry_version.patient_id = any(@patients) and entry.deleted_at is null
            order by entry_version.patient_id, entry_version.entry_id, entry_version.version
            """) { Sealed = "content", CellOf = row => new("entry", $"content.{Version(row)}", Id(row, "entry_id")) },
        new("appointment_series", """
            select appointment_series.patient_id, to_jsonb(appointment_series) as fields, null::bytea as sealed
            from appointment_series
            where appointment_series.patient_id = any(@patients)
            order by appointment_series.patient_id, appointment_series.id
            """),
        new("transcript", """
            select transcript.patient_id, to_jsonb(transcript) - 'content' as fields, transcript.content as sealed
            from transcript
            where transcript.patient_id = any(@patients)
            order by transcript.patient_id, transcript.id
            """) { Sealed = "content", CellOf = row => new("transcript", "content", Id(row)) },
        new("draft", """
            select draft.patient_id, to_jsonb(draft) - 'content' as fields, draft.content as sealed
            from draft
            where draft.patient_id = any(@patients)
            order by draft.patient_id, draft.id
            """) { Sealed = "content", CellOf = row => new("draft", "content", Id(row)) },
        new("decision", """
            select draft.patient_id, to_jsonb(decision) - 'content' as fields, decision.content as sealed
            from decision
            join draft on draft.id = decision.draft_id
            where draft.patient_id = any(@patients)
            order by draft.patient_id, decision.draft_id, decision.statement, decision.sequence
            """) { Sealed = "content", CellOf = row => new("decision", "content", Id(row)) },
        new("seed", """
            select draft.patient_id, to_jsonb(seed) - 'content' as fields, seed.content as sealed
            from seed
            join draft on draft.id = seed.draft_id
            where draft.patient_id = any(@patients)
            order by draft.patient_id, seed.draft_id
            """) { Sealed = "content", CellOf = row => new("seed", "content", Id(row)) },
        new("cosign", """
            select cosign.patient_id, to_jsonb(cosign) - 'content' as fields, cosign.content as sealed
            from cosign
            where cosign.patient_id = any(@patients)
            order by cosign.patient_id, cosign.note_id, cosign.version
            """) { Sealed = "content", CellOf = row => new("cosign", "content", Id(row)) },
        new("supervision", """
            select null::uuid as patient_id, to_jsonb(supervision) as fields, null::bytea as sealed
            from supervision
            order by supervision.staff_id
            """),
        new("visit_note", """
            select visit_note.patient_id, to_jsonb(visit_note) as fields, null::bytea as sealed
            from visit_note
            where visit_note.patient_id = any(@patients)
            order by visit_note.patient_id, visit_note.appointment_id
            """),
        new("written_note", """
            select written_note.patient_id, to_jsonb(written_note) - 'content' as fields, written_note.content as sealed
            from written_note
            where written_note.patient_id = any(@patients)
            order by written_note.patient_id, written_note.id
            """) { Sealed = "content", CellOf = row => new("written_note", "content", Id(row)) },
        new("recording_consent", """
            select recording_consent.patient_id, to_jsonb(recording_consent) - 'content' as fields, recording_consent.content as sealed
            from recording_consent
            where recording_consent.patient_id = any(@patients)
            order by recording_consent.patient_id, recording_consent.id
            """) { Sealed = "content", CellOf = row => new("recording_consent", "content", Id(row)) },
        new("recording", """
            select recording.patient_id, to_jsonb(recording) as fields, null::bytea as sealed
            from recording
            where recording.patient_id = any(@patients)
            order by recording.patient_id, recording.id
            """),
        new("drafting", """
            select drafting.patient_id, to_jsonb(drafting) as fields, null::bytea as sealed
            from drafting
            where drafting.patient_id = any(@patients)
            order by drafting.patient_id, drafting.id
            """),
        new("result_seen", """
            select result_seen.patient_id, to_jsonb(result_seen) - 'content' as fields, result_seen.content as sealed
            from result_seen
            join entry on entry.id = result_seen.entry_id
            where result_seen.patient_id = any(@patients) and entry.deleted_at is null
            order by result_seen.patient_id, result_seen.entry_id, result_seen.id
            """) { Sealed = "content", CellOf = row => new("result_seen", "content", Id(row)) },
        new("visit_order", """
            select visit_order.patient_id, to_jsonb(visit_order) - 'content' as fields, visit_order.content as sealed
            from visit_order
            where visit_order.patient_id = any(@patients)
            order by visit_order.patient_id, visit_order.id
            """) { Sealed = "content", CellOf = row => new("visit_order", "content", Id(row)) },
        new("posting", """
            select posting.patient_id, to_jsonb(posting) - 'content' as fields, posting.content as sealed
            from posting
            where posting.patient_id = any(@patients)
            order by posting.patient_id, posting.id
            """) { Sealed = "content", CellOf = row => new("posting", "content", Id(row)) },
        new("posting_line", """
            select posting.patient_id, to_jsonb(posting_line) as fields, null::bytea as sealed
            from posting_line
            join posting on posting.id = posting_line.posting_id
            where posting.patient_id = any(@patients)
            order by posting.patient_id, posting_line.posting_id, posting_line.account
            """),
        new("chart_restriction", """
            select chart_restriction.patient_id, to_jsonb(chart_restriction) as fields, null::bytea as sealed
            from chart_restriction
            where chart_restriction.patient_id = any(@patients)
            order by chart_restriction.patient_id
            """),
        new("care_team", """
            select care_team.patient_id, to_jsonb(care_team) as fields, null::bytea as sealed
            from care_team
            where care_team.patient_id = any(@patients)
            order by care_team.patient_id, care_team.staff_id
            """),
        new("break_glass", """
            select break_glass.patient_id, to_jsonb(break_glass) - 'content' as fields, break_glass.content as sealed
            from break_glass
            where break_glass.patient_id = any(@patients)
            order by break_glass.patient_id, break_glass.id
            """) { Sealed = "content", CellOf = row => new("break_glass", "content", Id(row)) },
        new("break_glass_end", """
            select break_glass.patient_id, to_jsonb(break_glass_end) as fields, null::bytea as sealed
            from break_glass_end
            join break_glass on break_glass.id = break_glass_end.break_glass_id
            where break_glass.patient_id = any(@patients)
            order by break_glass.patient_id, break_glass_end.break_glass_id
            """),
        new("break_glass_review", """
            select break_glass_review.patient_id, to_jsonb(break_glass_review) - 'content' as fields, break_glass_review.content as sealed
            from break_glass_review
            where break_glass_review.patient_id = any(@patients)
            order by break_glass_review.patient_id, break_glass_review.break_glass_id
            """) { Sealed = "content", CellOf = row => new("break_glass_review", "content", Id(row, "break_glass_id")) },
        new("task", """
            select task.patient_id, to_jsonb(task) - 'words' - 'own_words' as fields, task.words as sealed
            from task
            where task.patient_id = any(@patients)
            order by task.patient_id, task.id
            """)
        {
            Sealed = "words", CellOf = row => new("task", row.TryGetProperty("patient_id", out var patient) && patient.ValueKind == JsonValueKind.String ? "words" : "own_words", Id(row)),
            OwnSql = """
                select null::uuid as patient_id, to_jsonb(task) - 'words' - 'own_words' as fields, task.own_words as sealed
                from task
                where task.patient_id is null
                order by task.id
                """,
        },
        new("recall", """
            select recall.patient_id, to_jsonb(recall) - 'reason' as fields, recall.reason as sealed
            from recall
            where recall.patient_id = any(@patients)
            order by recall.patient_id, recall.id
            """) { Sealed = "reason", CellOf = row => new("recall", "reason", Id(row)) },
        new("recall_attempt", """
            select recall_attempt.patient_id, to_jsonb(recall_attempt) - 'note' as fields, recall_attempt.note as sealed
            from recall_attempt
            where recall_attempt.patient_id = any(@patients)
            order by recall_attempt.patient_id, recall_attempt.recall_id, recall_attempt.made_at, recall_attempt.id
            """) { Sealed = "note", CellOf = row => new("recall_attempt", "note", Id(row)) },
        new("paper_receipt", """
            select paper_receipt.patient_id, to_jsonb(paper_receipt) - 'note' as fields, paper_receipt.note as sealed
            from paper_receipt
            where paper_receipt.patient_id = any(@patients)
            order by paper_receipt.patient_id, paper_receipt.received_at, paper_receipt.id
            """) { Sealed = "note", CellOf = row => new("paper_receipt", "note", Id(row)) },
        new("platform.clinic", "select null::uuid as patient_id, to_jsonb(clinic) as fields, null::bytea as sealed from platform.clinic"),
        new("platform.agreement", """
            select null::uuid as patient_id, to_jsonb(agreement) as fields, null::bytea as sealed
            from platform.agreement
            order by agreement.signed_at, agreement.id
            """),
        new("platform.api_client", """
            select null::uuid as patient_id, to_jsonb(api_client) as fields, null::bytea as sealed
            from platform.api_client
            order by api_client.id
            """),
        new("location", "select null::uuid as patient_id, to_jsonb(location) as fields, null::bytea as sealed from location order by location.id"),
        new("room", "select null::uuid as patient_id, to_jsonb(room) as fields, null::bytea as sealed from room order by room.id"),
        new("visit_type", "select null::uuid as patient_id, to_jsonb(visit_type) as fields, null::bytea as sealed from visit_type order by visit_type.id"),
        new("weekly_hours", "select null::uuid as patient_id, to_jsonb(weekly_hours) as fields, null::bytea as sealed from weekly_hours order by weekly_hours.id"),
        new("device", """
            select null::uuid as patient_id, to_jsonb(device) as fields, null::bytea as sealed
            from device
            order by device.id
            """),
        new("visit_type_room", """
            select null::uuid as patient_id, to_jsonb(visit_type_room) as fields, null::bytea as sealed
            from visit_type_room
            order by visit_type_room.visit_type_id, visit_type_room.room_id
            """),
        new("visit_type_device", """
            select null::uuid as patient_id, to_jsonb(visit_type_device) as fields, null::bytea as sealed
            from visit_type_device
            order by visit_type_device.visit_type_id, visit_type_device.device_id
            """),
        new("online_offer", """
            select null::uuid as patient_id, to_jsonb(online_offer) as fields, null::bytea as sealed
            from online_offer
            order by online_offer.visit_type_id, online_offer.provider_id, online_offer.patient_kind
            """),
        new("scheduling_rules", """
            select null::uuid as patient_id, to_jsonb(scheduling_rules) as fields, null::bytea as sealed
            from scheduling_rules
            """),
        new("ledger_rules", "select null::uuid as patient_id, to_jsonb(ledger_rules) as fields, null::bytea as sealed from ledger_rules"),
        new("usual_charge", """
            select null::uuid as patient_id, to_jsonb(usual_charge) as fields, null::bytea as sealed
            from usual_charge
            order by usual_charge.visit_type_id
            """),
        new("ledger_check", """
            select null::uuid as patient_id, to_jsonb(ledger_check) as fields, null::bytea as sealed
            from ledger_check
            order by ledger_check.checked_on
            """),
        new("closure", """
            select null::uuid as patient_id, to_jsonb(closure) as fields, null::bytea as sealed
            from closure
            order by closure.id
            """),
        new("time_off", """
            select null::uuid as patient_id, to_jsonb(time_off) as fields, null::bytea as sealed
            from time_off
            order by time_off.id
            """),
        new("shift", """
            select null::uuid as patient_id, to_jsonb(shift) as fields, null::bytea as sealed
            from shift
            order by shift.id
            """),
        new("note_template", """
            select null::uuid as patient_id, to_jsonb(note_template) as fields, null::bytea as sealed
            from note_template
            order by note_template.id
            """),
        new("visit_type_template", """
            select null::uuid as patient_id, to_jsonb(visit_type_template) as fields, null::bytea as sealed
            from visit_type_template
            order by visit_type_template.visit_type_id
            """),
        new("snippet", """
            select null::uuid as patient_id, to_jsonb(snippet) as fields, null::bytea as sealed
            from snippet
            order by snippet.id
            """),
        new("seeding", """
            select null::uuid as patient_id, to_jsonb(seeding) as fields, null::bytea as sealed
            from seeding
            order by seeding.is_only
            """),
        new("recording_rules", """
            select null::uuid as patient_id, to_jsonb(recording_rules) as fields, null::bytea as sealed
            from recording_rules
            order by recording_rules.is_only
            """),
        new("assist_call", """
            select null::uuid as patient_id, to_jsonb(assist_call) as fields, null::bytea as sealed
            from assist_call
            order by assist_call.id
            """),
        new("cancel_reason", """
            select null::uuid as patient_id, to_jsonb(cancel_reason) as fields, null::bytea as sealed
            from cancel_reason
            order by cancel_reason.place, cancel_reason.code
            """),
        new("paper", """
            select null::uuid as patient_id, to_jsonb(paper) as fields, null::bytea as sealed
            from paper
            order by paper.id
            """),
        new("paper_visit_type", """
            select null::uuid as patient_id, to_jsonb(paper_visit_type) as fields, null::bytea as sealed
            from paper_visit_type
            order by paper_visit_type.paper_id, paper_visit_type.visit_type_id
            """),
        new("shift_change", """
            select null::uuid as patient_id, to_jsonb(shift_change) as fields, null::bytea as sealed
            from shift_change
            order by shift_change.staff_id, shift_change.number
            """),
        new("staff", "select null::uuid as patient_id, to_jsonb(staff) as fields, null::bytea as sealed from staff order by staff.id"),
        new("platform.membership", """
            select null::uuid as patient_id, to_jsonb(membership) as fields, null::bytea as sealed
            from platform.membership
            order by membership.person_id
            """),
        new("platform.invite", """
            select null::uuid as patient_id, to_jsonb(invite) as fields, null::bytea as sealed
            from platform.invite
            order by invite.created_at, invite.id
            """),
    ];

    private static Guid Id(JsonElement row, string column = "id") => row.GetProperty(column).GetGuid();

    private static int Version(JsonElement row) => row.GetProperty("version").GetInt32();
}
