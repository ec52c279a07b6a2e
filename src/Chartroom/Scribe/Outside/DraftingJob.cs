using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>
/// One note or summary drafted in the background: taken up, read, asked for, written. Nothing is held between these: a program that dies leaves a row that is taken up again, and whoever
/// comes late with an answer finds the row at another attempt and writes nothing. What is read and written is read and written as who asked for it, so a chart that was shut to
/// them meanwhile stays shut.
/// </summary>
internal sealed class DraftingJob(TenantDb db, Assistant assistant)
{
    internal const int MostAttempts = 4;
    private const int MostInterruptions = MostAttempts + 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>When it wants to be run again, or null when it has ended or is somebody else's.</summary>
    public async Task<DateTimeOffset?> RunAsync(ClinicId clinic, Guid id, CancellationToken ct)
    {
        if (await TakeAsync(clinic, id, ct) is not { } taken) return null;
        if (taken.Attempts > MostInterruptions || !taken.IsProvider) return await FailAsync(taken, taken.IsProvider ? DraftingTrouble.Interrupted : DraftingTrouble.NotTheirs, ct);
        try
        {
            if (taken.Choice is null) return await WriteAsync(taken, null, AssistTrouble.Off, ct);
            if (await ReadAsync(taken, ct) is not { } read) return await FailAsync(taken, DraftingTrouble.EmptyChart, ct);
            var answer = await assistant.AskAsync(taken.Choice, read.Ask, ct);
            await KeepAsync(taken, read.Ask, answer, ct);
            if (answer.Failure is not { } failure) return await WriteAsync(taken, new(OutsideNote.Draft(taken.Choice, answer, read.Ask.Sections), read.Chart), null, ct);
            var wait = Wait(taken.Attempts, answer.RetryAfter);
            return AssistTrouble.MayPass(failure) && taken.Attempts < MostAttempts && wait <= LongestWait ? await AgainAsync(taken, failure, wait, ct) : await WriteAsync(taken, null, failure, ct);
        }
        catch (ChartShutException)
        {
            return await FailAsync(taken, DraftingTrouble.NotTheirs, ct);
        }
    }

    /// <summary>5 s, 15 s, 45 s; as long as the vendor asks, when that is longer.</summary>
    internal static TimeSpan Wait(int attempts, TimeSpan? asked)
    {
        var ours = TimeSpan.FromSeconds(5 * Math.Pow(3, Math.Min(attempts, 5) - 1));
        return asked > ours ? asked.Value : ours;
    }

    private async Task<Taken?> TakeAsync(ClinicId clinic, Guid id, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.SignNotes, ct);
        tx.Audit(new("drafting.taken", "drafting", id));
        var taken = await tx.QueryOneOrNoneAsync<Taken>(Take, new { id, now = tx.Now, until = tx.Now + assistant.Longest + TimeSpan.FromMinutes(1) }, ct);
        if (taken is null) return null;
        taken = taken with { Clinic = clinic, Choice = await Assistant.ChosenAsync(tx, taken.Feature, ct) };
        if (taken.Choice is { } choice) tx.Queue("update drafting set drafter = @name where id = @id", new { choice.Name, id });
        await tx.CommitAsync(ct);
        return taken;
    }

    /// <summary>What will leave, with the event that says so; null for a chart that holds nothing to tell.</summary>
    private async Task<Read?> ReadAsync(Taken taken, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(taken.Requester, Permission.SignNotes, ct);
        var read = taken.TranscriptId is { } transcript ? await ReadNoteAsync(tx, taken, transcript, ct) : await ReadChartAsync(tx, taken, ct);
        await tx.CommitAsync(ct);
        return read;
    }

    private static async Task<Read?> ReadNoteAsync(ClinicTx tx, Taken taken, TranscriptId id, CancellationToken ct)
    {
        var (key, transcript) = await OpenAsync(tx, taken.PatientId, id, new("transcript.sent", "transcript", id.Value), ct);
        return new(OutsideNote.Ask(taken.Id, transcript, await PatientAsync(tx, key.Patient, ct), await StaffAsync(tx, ct)), null);
    }

    // A restricted chart does not open: PatientAsync, or the key, is not to be had.
    private static async Task<Read?> ReadChartAsync(ClinicTx tx, Taken taken, CancellationToken ct)
    {
        var key = await tx.OpenPatientAsync(taken.PatientId, new("chart.sent", "patient", taken.PatientId.Value), ct) ?? throw new ChartShutException(taken.PatientId);
        if (SummaryDrafter.Write(await ChartMaterial.ReadAsync(tx, key, ct)) is not { } known) return null;
        return new(OutsideNote.AskSummary(taken.Id, known.Source.Text, await PatientAsync(tx, key.Patient, ct), await StaffAsync(tx, ct)), known.Source);
    }

    private static async Task<PatientRecord> PatientAsync(ClinicTx tx, PatientId patient, CancellationToken ct) =>
        await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient", patient.Value), ct) ?? throw new ChartShutException(patient);

    private static Task<List<string>> StaffAsync(ClinicTx tx, CancellationToken ct) => tx.QueryAsync<string>("select display_name from staff", null, ct);

    private async Task KeepAsync(Taken taken, AssistAsk ask, AssistAnswer answer, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(taken.Clinic), Permission.SignNotes, ct);
        tx.Audit(new("drafting.answered", "drafting", taken.Id));
        Assistant.Keep(tx, taken.Choice!, ask, answer);   // there is one: it was asked
        await tx.CommitAsync(ct);
    }

    /// <param name="outside">The outside model's draft, or null for one by the built-in drafter.</param>
    /// <param name="failure">Why it is the built-in drafter's.</param>
    private async Task<DateTimeOffset?> WriteAsync(Taken taken, Answered? outside, string? failure, CancellationToken ct)
    {
        await using (var tx = await db.BeginAsync(taken.Requester, Permission.SignNotes, ct))
        {
            var drafted = await PutAsync(tx, taken, outside, ct);
            if (drafted.IsOk)
            {
                var ended = await tx.ExecuteAsync(Done, new { taken.Id, taken.Attempts, draft = drafted.Value, failure, now = tx.Now }, ct);
                if (ended == 1) await tx.CommitAsync(ct);   // else somebody else has taken it up, and writes
                return null;
            }
            failure = TroubleOf(drafted.Refusal);
        }
        return await FailAsync(taken, failure, ct);
    }

    private static async Task<Outcome<DraftId?>> PutAsync(ClinicTx tx, Taken taken, Answered? outside, CancellationToken ct)
    {
        if (taken is { TranscriptId: { } id, AppointmentId: { } visit })
        {
            var (key, transcript) = await OpenAsync(tx, taken.PatientId, id, new("transcript.read", "transcript", id.Value), ct);
            var note = await DraftPen.WriteAsync(tx, key, new(visit, id, transcript) { TemplateId = taken.TemplateId }, outside?.Draft, ct);
            return note.IsOk ? note.Value.DraftId : note.Refusal;
        }
        if (await tx.OpenPatientAsync(taken.PatientId, new("chart.opened", "patient", taken.PatientId.Value), ct) is null) throw new ChartShutException(taken.PatientId);
        var summary = await SummaryPen.WriteAsync(tx, taken.PatientId, outside is { Chart: { } chart } ? new(outside.Draft, chart) : null, ct);
        return summary.IsOk ? summary.Value.DraftId : summary.Refusal;
    }

    private static string TroubleOf(Refusal refusal) =>
        refusal == Refusals.NothingClinical ? DraftingTrouble.NothingClinical
        : refusal == Refusals.DraftingOff ? DraftingTrouble.DraftingOff
        : refusal == Refusals.EmptyChart ? DraftingTrouble.EmptyChart
        : DraftingTrouble.Overtaken;

    private async Task<DateTimeOffset?> AgainAsync(Taken taken, string failure, TimeSpan wait, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(taken.Clinic), Permission.SignNotes, ct);
        var due = tx.Now + wait;
        tx.Audit(new("drafting.postponed", "drafting", taken.Id));
        await tx.ExecuteAsync(Again, new { taken.Id, taken.Attempts, failure, due }, ct);
        await tx.CommitAsync(ct);
        return due;
    }

    private async Task<DateTimeOffset?> FailAsync(Taken taken, string failure, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(taken.Clinic), Permission.SignNotes, ct);
        tx.Audit(new("drafting.failed", "drafting", taken.Id));
        await tx.ExecuteAsync(Fail, new { taken.Id, taken.Attempts, failure, now = tx.Now }, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    private static async Task<(Platform.Vault.PatientKey Key, Transcript Transcript)> OpenAsync(ClinicTx tx, PatientId patient, TranscriptId id, Platform.Audit.Access access, CancellationToken ct)
    {
        // No row for the requester: the chart was restricted meanwhile, which hides it.
        var content = await tx.QueryOneOrNoneAsync<byte[]>("select content from transcript where id = @id", new { id }, ct) ?? throw new ChartShutException(patient);
        var key = await tx.OpenPatientAsync(patient, access, ct) ?? throw new ChartShutException(patient);
        return (key, key.Open<Transcript>(content, DraftShelf.CellOf(id)));
    }

    /// <param name="Chart">Of a summary: the lines that are sent, in the versions that were read.</param>
    private sealed record Read(AssistAsk Ask, WrittenSource? Chart);

    private sealed record Answered(Draft Draft, WrittenSource? Chart);

    private sealed record Taken
    {
        public Guid Id { get; init; }
        public PatientId PatientId { get; init; }
        public string Kind { get; init; } = "";
        /// <summary>Both null for a summary of the chart.</summary>
        public AppointmentId? AppointmentId { get; init; }
        public TranscriptId? TranscriptId { get; init; }
        public Guid? TemplateId { get; init; }
        public StaffId CreatedBy { get; init; }
        public int Attempts { get; init; }
        public bool IsProvider { get; init; }
        public ClinicId Clinic { get; init; }
        public AssistChoice? Choice { get; init; }

        public AssistFeature Feature => Kind == "note" ? AssistFeature.VisitNotes : AssistFeature.ChartSummary;

        public Actor Requester => new(Clinic, new(CreatedBy.Value), ClinicRole.Provider, Origin.Job());
    }

    private const string Take = """
        update drafting
        set state = 'drafting', attempts = attempts + 1, due_at = @until
        where id = @id and state in ('queued', 'drafting') and due_at <= @now
        returning id, kind, patient_id, appointment_id, transcript_id, template_id, created_by, attempts,
            exists (select from staff where staff.id = drafting.created_by and staff.is_active and staff.role = 'provider') as is_provider
        """;

    private const string Done = """
        update drafting
        set state = 'done', draft_id = @draft, failed_with = @failure, ended_at = @now
        where id = @id and state = 'drafting' and attempts = @attempts
        """;

    private const string Again = """
        update drafting
        set state = 'queued', failed_with = @failure, due_at = @due
        where id = @id and state = 'drafting' and attempts = @attempts
        """;

    private const string Fail = """
        update drafting
        set state = 'failed', failed_with = @failure, ended_at = @now
        where id = @id and state = 'drafting' and attempts = @attempts
        """;
}
