using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.BreakGlass;

/// <summary>Opens a chart that role or restriction keeps shut.</summary>
/// <param name="Reason">What the emergency is, 10 to 1,000 characters; kept under the patient's key.</param>
public sealed record OpenInEmergency(string? Reason);

/// <summary>An emergency access just opened.</summary>
public sealed record OpenedInEmergency(Guid Id, PatientId Patient, DateTimeOffset OpenedAt, DateTimeOffset EndsAt);

/// <summary>
/// Breaks the glass: one patient, one session, 60 minutes. First the clinic's own record is written, then on the shared side, in one transaction, what lets the
/// session use it and the mail to every administrator: there is no access without a notice. No second factor is asked again, since an emergency must not wait for one.
/// Refuses <c>break-glass.no-such-patient</c>, <c>not-needed</c>, <c>invalid</c>.
/// </summary>
internal sealed class OpenInEmergencyHandler(TenantDb db, PlatformDb platform, EmergencyMails mails)
{
    /// <summary>How long, held by constraints too: break_glass_sixty_minutes, emergency_sixty_minutes.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(60);

    private const int Shortest = 10, Longest = 1000;

    /// <summary>The patient, for whoever has to decide whether to. Refuses <c>break-glass.not-needed</c> too.</summary>
    public async Task<Outcome<PatientLine>> AskAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BreakGlass, ct);
        var names = await PatientRegister.NamesAsync(tx, [patient], new("patient.read", "patient", patient.Value), ct);
        if (!names.TryGetValue(patient, out var line)) return Refusals.NoSuchPatient;
        if (!await IsShutAsync(tx, patient, ct)) return Refusals.NotNeeded;
        await tx.CommitAsync(ct);
        return line;
    }

    public async Task<Outcome<OpenedInEmergency>> HandleAsync(PatientId patient, OpenInEmergency ask, Actor actor, CancellationToken ct)
    {
        var reason = ask.Reason?.Trim() ?? "";
        if (reason.Length is < Shortest or > Longest) return Refusals.Invalid.On("reason", $"Write {Shortest} to {Longest:N0} characters.");
        // Asked again while it is open: the same access, so that a program may repeat itself.
        if (actor.Emergencies.FirstOrDefault(emergency => emergency.Patient == patient) is { } open) return new OpenedInEmergency(open.Id, patient, open.EndsAt - Lasts, open.EndsAt);
        var recorded = await RecordAsync(patient, reason, actor, ct);
        if (recorded.IsOk) await LetInAsync(recorded.Value, actor, ct);
        return recorded;
    }

    private async Task<Outcome<OpenedInEmergency>> RecordAsync(PatientId patient, string reason, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BreakGlass, ct);
        var id = Guid.CreateVersion7();
        if (await tx.OpenPatientAsync(patient, new("break_glass.opened", "break_glass", id, Purpose.Emergency), ct) is not { } key) return Refusals.NoSuchPatient;
        if (!await IsShutAsync(tx, patient, ct)) return Refusals.NotNeeded;
        var opened = new OpenedInEmergency(id, patient, tx.Now, tx.Now + Lasts);
        var content = key.Seal(reason, new("break_glass", "content", id));
        tx.Queue(Insert, new { id, patient, actor.Person, actor.Role, session = SessionOf(actor), content, keyVersion = key.Version, opened.OpenedAt, opened.EndsAt });
        await tx.CommitAsync(ct);
        return opened;
    }

    private async Task LetInAsync(OpenedInEmergency opened, Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        await tx.ExecuteAsync(LetIn, new { opened.Id, actor.Clinic, actor.Person, session = SessionOf(actor), opened.OpenedAt, opened.EndsAt }, ct);
        await mails.EnqueueAsync(tx, actor, opened.OpenedAt, ct);
        tx.Audit(new("break_glass.announced", "break_glass", opened.Id), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
    }

    private static Guid SessionOf(Actor actor) => actor.Origin.SessionId ?? throw new InvalidOperationException("Only a session breaks the glass.");

    private static async Task<bool> IsShutAsync(ClinicTx tx, PatientId patient, CancellationToken ct)
    {
        if (!Rights.Allows(tx.Actor.Role, Permission.SeeCharts)) return tx.Actor.Emergencies.All(emergency => emergency.Patient != patient);
        return (await tx.QueryAsync<bool>("select @patient = any ((select shut_charts())::uuid[])", new { patient }, ct)).Single();
    }

    private const string Insert = """
        insert into break_glass (id, patient_id, person_id, role, session_id, content, key_version, opened_at, ends_at)
        values (@id, @patient, @person, @role, @session, @content, @keyVersion, @openedAt, @endsAt)
        """;

    private const string LetIn = """
        insert into platform.emergency (id, clinic_id, person_id, session_id, opened_at, ends_at)
        values (@id, @clinic, @person, @session, @openedAt, @endsAt)
        """;
}
