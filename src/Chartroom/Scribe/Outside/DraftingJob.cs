using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>
/// One note drafted in the background: taken up, read, asked for, written. Nothing is held between these: a program that dies leaves a row that is taken up again, and whoever
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
            var ask = await ReadAsync(taken, ct);
            var answer = await assistant.AskAsync(taken.Choice, ask, ct);
            await KeepAsync(taken, ask, answer, ct);
            if (answer.Failure is not { } failure) return await WriteAsync(taken, OutsideNote.Draft(taken.Choice, answer), null, ct);
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
        taken = taken with { Clinic = clinic, Choice = await Assistant.ChosenAsync(tx, AssistFeature.VisitNotes, ct) };
        if (taken.Choice is { } choice) tx.Queue("update drafting set drafter = @name where id = @id", new { choice.Name, id });
        await tx.CommitAsync(ct);
        return taken;
    }

    /// <summary>What will leave, with the event that says so.</summary>
    private async Task<AssistAsk> ReadAsync(Taken taken, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(taken.Requester, Permission.SignNotes, ct);
        var (key, transcript) = await OpenAsync(tx, taken, new("transcript.sent", "transcript", taken.TranscriptId.Value), ct);
        var patient = await PatientRegister.ReadAsync(tx, key.Patient, new("patient.read", "patient", key.Patient.Value), ct) ?? throw new ChartShutException(key.Patient);
        var staff = await tx.QueryAsync<string>("select display_name from staff", null, ct);
        await tx.CommitAsync(ct);
        return OutsideNote.Ask(taken.Id, transcript, patient, staff);
    }

    private async Task KeepAsync(Taken taken, AssistAsk ask, AssistAnswer answer, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(taken.Clinic), Permission.SignNotes, ct);
        tx.Audit(new("drafting.answered", "drafting", taken.Id));
        Assistant.Keep(tx, taken.Choice!, ask, answer);   // there is one: it was asked
        await tx.CommitAsync(ct);
    }

    /// <param name="outside">The outside model's draft, or null for one by the built-in drafter.</param>
    /// <param name="failure">Why it is the built-in drafter's.</param>
    private async Task<DateTimeOffset?> WriteAsync(Taken taken, Draft? outside, string? failure, CancellationToken ct)
    {
        await using (var tx = await db.BeginAsync(taken.Requester, Permission.SignNotes, ct))
        {
            var (key, transcript) = await OpenAsync(tx, taken, new("transcript.read", "transcript", taken.TranscriptId.Value), ct);
            var drafted = await DraftPen.WriteAsync(tx, key, new(taken.AppointmentId, taken.TranscriptId, transcript), outside, ct);
            if (drafted.IsOk)
            {
                var ended = await tx.ExecuteAsync(Done, new { taken.Id, taken.Attempts, draft = drafted.Value.DraftId, failure, now = tx.Now }, ct);
                if (ended == 1) await tx.CommitAsync(ct);   // else somebody else has taken it up, and writes
                return null;
            }
            failure = drafted.Refusal == Refusals.NothingClinical ? DraftingTrouble.NothingClinical : DraftingTrouble.Overtaken;
        }
        return await FailAsync(taken, failure, ct);
    }

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

    private static async Task<(Platform.Vault.PatientKey Key, Transcript Transcript)> OpenAsync(ClinicTx tx, Taken taken, Platform.Audit.Access access, CancellationToken ct)
    {
        // No row for the requester: the chart was restricted meanwhile, which hides it.
        var content = await tx.QueryOneOrNoneAsync<byte[]>("select content from transcript where id = @id", new { id = taken.TranscriptId }, ct) ?? throw new ChartShutException(taken.PatientId);
        var key = await tx.OpenPatientAsync(taken.PatientId, access, ct) ?? throw new ChartShutException(taken.PatientId);
        return (key, key.Open<Transcript>(content, DraftShelf.CellOf(taken.TranscriptId)));
    }

    private sealed record Taken
    {
        public Guid Id { get; init; }
        public PatientId PatientId { get; init; }
        public AppointmentId AppointmentId { get; init; }
        public TranscriptId TranscriptId { get; init; }
        public StaffId CreatedBy { get; init; }
        public int Attempts { get; init; }
        public bool IsProvider { get; init; }
        public ClinicId Clinic { get; init; }
        public AssistChoice? Choice { get; init; }

        public Actor Requester => new(Clinic, new(CreatedBy.Value), ClinicRole.Provider, Origin.Job());
    }

    private const string Take = """
        update drafting
        set state = 'drafting', attempts = attempts + 1, due_at = @until
        where id = @id and state in ('queued', 'drafting') and due_at <= @now
        returning id, patient_id, appointment_id, transcript_id, created_by, attempts,
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
