namespace Chartroom.Shell;

/// <summary>How a table's rows leave in an export.</summary>
internal enum ExportRule
{
    /// <summary>With the patient they belong to.</summary>
    WithPatient,
    /// <summary>With the clinic's own data.</summary>
    WithClinic,
    /// <summary>Never: keys, secrets, bookkeeping of the program.</summary>
    Never,
}

/// <summary>How a table's rows end.</summary>
internal enum DeletionRule
{
    /// <summary>Unreadable at once when the patient's key is destroyed; rows follow.</summary>
    PatientKey,
    /// <summary>With the clinic's schema or rows.</summary>
    Clinic,
    /// <summary>By whole months after the retention of the audit trail.</summary>
    Retention,
    /// <summary>By the program itself after hours or days.</summary>
    ShortLived,
    /// <summary>When the account is closed.</summary>
    Account,
    /// <summary>Never while the installation lives.</summary>
    Never,
}

/// <summary>Every table of the product. Export and deletion work from it, and a test holds it to the database: a table that is not here fails the build.</summary>
internal static class DataRegister
{
    /// <param name="Table">Name; with <c>platform.</c> before it on the shared side.</param>
    /// <param name="Owner">Folder under <c>src/</c>.</param>
    internal sealed record Row(string Table, string Owner, ExportRule Export, DeletionRule Deletion);

    public static readonly IReadOnlyList<Row> Rows =
    [
        new("assist_call", "Chartroom/Assist", ExportRule.WithClinic, DeletionRule.Clinic),
        new("assist_choice", "Chartroom/Assist", ExportRule.Never, DeletionRule.Clinic),
        new("appointment", "Chartroom/Scheduling", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("appointment_move", "Chartroom/Scheduling", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("device", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("visit_type_room", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("visit_type_device", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("online_offer", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("scheduling_rules", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("closure", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("time_off", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("shift", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("cancel_reason", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("shift_change", "Chartroom/Scheduling", ExportRule.WithClinic, DeletionRule.Clinic),
        new("outside_calendar", "Chartroom/Scheduling", ExportRule.Never, DeletionRule.Clinic),
        new("outside_busy", "Chartroom/Scheduling", ExportRule.Never, DeletionRule.ShortLived),
        new("calendar_look", "Chartroom/Scheduling", ExportRule.Never, DeletionRule.Clinic),
        new("appointment_series", "Chartroom/Scheduling", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("audit_event", "Chartroom.Platform/Audit", ExportRule.WithClinic, DeletionRule.Retention),
        new("audit_checkpoint", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("audit_expiry", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("audit_leaf", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("audit_log_state", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("break_glass", "Chartroom/BreakGlass", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("break_glass_end", "Chartroom/BreakGlass", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("break_glass_review", "Chartroom/BreakGlass", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("calendar_feed", "Chartroom/OutsideCalendars", ExportRule.Never, DeletionRule.Clinic),
        new("care_team", "Chartroom/BreakGlass", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("chart_restriction", "Chartroom/BreakGlass", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("clinic_key", "Chartroom.Platform/Vault", ExportRule.Never, DeletionRule.Clinic),
        new("counter", "Chartroom.Platform/Tenancy", ExportRule.Never, DeletionRule.Clinic),
        new("decision", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("draft", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("entry", "Chartroom/Charts", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("entry_destruction", "Chartroom/Charts", ExportRule.Never, DeletionRule.Clinic),
        new("entry_version", "Chartroom/Charts", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("key_rotation", "Chartroom.Platform/Vault", ExportRule.Never, DeletionRule.Clinic),
        new("kept_answer", "Chartroom.Platform/Web", ExportRule.Never, DeletionRule.ShortLived),
        new("location", "Chartroom/Clinics", ExportRule.WithClinic, DeletionRule.Clinic),
        new("migration_journal", "Chartroom.Platform/Database", ExportRule.Never, DeletionRule.Clinic),
        new("onboarding_step", "Chartroom/Clinics", ExportRule.Never, DeletionRule.Clinic),
        new("outbox", "Chartroom.Platform/Outbox", ExportRule.Never, DeletionRule.ShortLived),
        new("online_booking", "Chartroom/OnlineBooking", ExportRule.Never, DeletionRule.ShortLived),
        new("online_mail", "Chartroom/OnlineBooking", ExportRule.Never, DeletionRule.ShortLived),
        new("patient", "Chartroom/Patients", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("patient_destruction", "Chartroom/Keys", ExportRule.Never, DeletionRule.Clinic),
        new("patient_identifier", "Chartroom/Patients", ExportRule.Never, DeletionRule.PatientKey),
        new("patient_key", "Chartroom.Platform/Vault", ExportRule.Never, DeletionRule.PatientKey),
        new("patient_tombstone", "Chartroom/Keys", ExportRule.Never, DeletionRule.Never),
        new("patient_version", "Chartroom/Patients", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("platform.agreement", "Chartroom/Clinics", ExportRule.WithClinic, DeletionRule.Never),
        new("platform.audit_event", "Chartroom.Platform/Audit", ExportRule.WithClinic, DeletionRule.Retention),
        new("platform.audit_checkpoint", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("platform.audit_expiry", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("platform.audit_leaf", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("platform.audit_log_state", "Chartroom.Platform/Audit", ExportRule.Never, DeletionRule.Retention),
        new("platform.api_client", "Chartroom/ApiClients", ExportRule.WithClinic, DeletionRule.Clinic),
        new("platform.api_client_secret", "Chartroom/ApiClients", ExportRule.Never, DeletionRule.Clinic),
        new("platform.api_token", "Chartroom/ApiClients", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.clinic", "Chartroom.Platform/Tenancy", ExportRule.WithClinic, DeletionRule.Clinic),
        new("platform.credential", "Chartroom/Accounts", ExportRule.Never, DeletionRule.Account),
        new("platform.emergency", "Chartroom/BreakGlass", ExportRule.Never, DeletionRule.Clinic),
        new("platform.invite", "Chartroom/Staff", ExportRule.WithClinic, DeletionRule.Clinic),
        new("code_favourite", "Chartroom/Codes", ExportRule.Never, DeletionRule.Clinic),
        new("platform.code_guard", "Chartroom/Accounts", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.code_set", "Chartroom/Codes", ExportRule.Never, DeletionRule.Never),
        new("platform.icd10_code", "Chartroom/Codes", ExportRule.Never, DeletionRule.Never),
        new("platform.known_device", "Chartroom/Accounts", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.membership", "Chartroom.Platform/Identity", ExportRule.WithClinic, DeletionRule.Clinic),
        new("platform.migration_journal", "Chartroom.Platform/Database", ExportRule.Never, DeletionRule.Never),
        new("platform.outbox", "Chartroom.Platform/Outbox", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.passkey", "Chartroom/Accounts", ExportRule.Never, DeletionRule.Account),
        new("platform.password_history", "Chartroom/Accounts", ExportRule.Never, DeletionRule.Account),
        new("platform.password_reset", "Chartroom/Accounts", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.person", "Chartroom.Platform/Identity", ExportRule.WithClinic, DeletionRule.Account),
        new("platform.person_photo", "Chartroom/Accounts", ExportRule.Never, DeletionRule.Account),
        new("platform.recovery_code", "Chartroom/Accounts", ExportRule.Never, DeletionRule.Account),
        new("platform.request_count", "Chartroom.Platform/Identity", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.residency", "Chartroom.Platform/Tenancy", ExportRule.Never, DeletionRule.Never),
        new("platform.session", "Chartroom.Platform/Identity", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.sign_in_ceiling", "Chartroom/Accounts", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.sign_in_guard", "Chartroom/Accounts", ExportRule.Never, DeletionRule.ShortLived),
        new("platform.sign_up", "Chartroom/Accounts", ExportRule.Never, DeletionRule.ShortLived),
        new("room", "Chartroom/Clinics", ExportRule.WithClinic, DeletionRule.Clinic),
        new("staff", "Chartroom/Staff", ExportRule.WithClinic, DeletionRule.Clinic),
        new("recall", "Chartroom/Tasks", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("note_template", "Chartroom/Notes", ExportRule.WithClinic, DeletionRule.Clinic),
        new("visit_type_template", "Chartroom/Notes", ExportRule.WithClinic, DeletionRule.Clinic),
        new("snippet", "Chartroom/Notes", ExportRule.WithClinic, DeletionRule.Clinic),
        new("paper", "Chartroom/Paperwork", ExportRule.WithClinic, DeletionRule.Clinic),
        new("paper_visit_type", "Chartroom/Paperwork", ExportRule.WithClinic, DeletionRule.Clinic),
        new("paper_receipt", "Chartroom/Paperwork", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("private_note", "Chartroom/Notes", ExportRule.Never, DeletionRule.PatientKey),
        new("private_note_version", "Chartroom/Notes", ExportRule.Never, DeletionRule.PatientKey),
        new("recall_attempt", "Chartroom/Tasks", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("task", "Chartroom/Tasks", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("seed", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("recording", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("recording_chunk", "Chartroom/Scribe", ExportRule.Never, DeletionRule.ShortLived),
        new("recording_consent", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("recording_key", "Chartroom/Scribe", ExportRule.Never, DeletionRule.ShortLived),
        new("recording_rules", "Chartroom/Scribe", ExportRule.WithClinic, DeletionRule.Clinic),
        new("seeding", "Chartroom/Scribe", ExportRule.WithClinic, DeletionRule.Clinic),
        new("drafting", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("cosign", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("supervision", "Chartroom/Scribe", ExportRule.WithClinic, DeletionRule.Clinic),
        new("visit_note", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("written_note", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("transcript", "Chartroom/Scribe", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("ledger_check", "Chartroom/Ledger", ExportRule.WithClinic, DeletionRule.Clinic),
        new("ledger_rules", "Chartroom/Ledger", ExportRule.WithClinic, DeletionRule.Clinic),
        new("posting", "Chartroom/Ledger", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("posting_line", "Chartroom/Ledger", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("usual_charge", "Chartroom/Ledger", ExportRule.WithClinic, DeletionRule.Clinic),
        new("result_seen", "Chartroom/Charts", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("visit_order", "Chartroom/Orders", ExportRule.WithPatient, DeletionRule.PatientKey),
        new("visit_link", "Chartroom/OnlineBooking", ExportRule.Never, DeletionRule.ShortLived),
        new("visit_type", "Chartroom/Clinics", ExportRule.WithClinic, DeletionRule.Clinic),
        new("weekly_hours", "Chartroom/Staff", ExportRule.WithClinic, DeletionRule.Clinic),
        new("platform.tombstone_list", "Chartroom/Keys", ExportRule.Never, DeletionRule.Never),
    ];
}
