using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>Who may agree to a recording.</summary>
public enum ConsentGiver { Patient, Representative }

/// <summary>How they agreed.</summary>
public enum ConsentManner { Spoken, Written }

/// <summary>Writes down that a visit may be recorded.</summary>
/// <param name="Representative">Who agreed for the patient; 200 characters at most.</param>
/// <param name="EveryoneAgreed">That everybody else in the room was told and agreed.</param>
public sealed record GiveConsent(ConsentGiver GivenBy, string? Representative, ConsentManner Manner, bool EveryoneAgreed);

/// <summary>Writes consents down, and takes them back. What was written stays; the latest counts.</summary>
internal sealed class ConsentHandler(TenantDb db)
{
    public const string Given = "recording.consented", Withdrawn = "recording.consent-withdrawn";

    /// <summary>Refuses <c>scribe.no-such-visit</c>, <c>scribe.invalid-consent</c>.</summary>
    public async Task<Outcome<Done>> GiveAsync(AppointmentId id, GiveConsent ask, Actor actor, CancellationToken ct)
    {
        if (Wrong(ask) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        if (await tx.OpenPatientAsync(visit.PatientId, new(Given, "appointment", id.Value), ct) is not { } key) return Refusals.NoSuchVisit;
        var consent = Guid.CreateVersion7();
        var isOutside = await Assist.Assistant.OutsideAsync(tx, Assist.AssistFeature.Transcription, ct) is not null;
        var name = ask.GivenBy == ConsentGiver.Representative ? ask.Representative!.Trim() : null;   // judged
        await tx.ExecuteAsync(Insert, new
        {
            id = consent, visit.PatientId, visit = id, kind = "given", ask.GivenBy, ask.Manner, everyone = ask.EveryoneAgreed, wording = ConsentRules.WordingOf(isOutside),
            content = name is null ? null : key.Seal(name, RecordingShelf.CellOfConsent(consent)), keyVersion = name is null ? (int?)null : key.Version, actor.Staff, now = tx.Now,
        }, ct);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Whatever was recorded of the visit is destroyed in the same moment. Refuses <c>scribe.no-such-visit</c>, <c>scribe.consent-not-given</c>.</summary>
    public async Task<Outcome<Done>> WithdrawAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        if (await tx.OpenPatientAsync(visit.PatientId, new(Withdrawn, "appointment", id.Value), ct) is null) return Refusals.NoSuchVisit;
        var desk = await RecordingShelf.DeskAsync(tx, id, null, new(), ct);
        if (desk.Consent is not { IsGiven: true } given) return Refusals.ConsentNotGiven;
        await tx.ExecuteAsync(Insert, new
        {
            id = Guid.CreateVersion7(), visit.PatientId, visit = id, kind = "withdrawn", given.GivenBy, given.Manner, everyone = false,
            wording = ConsentRules.WordingOf(desk.IsOutside), content = (byte[]?)null, keyVersion = (int?)null, actor.Staff, now = tx.Now,
        }, ct);
        await RecordingShelf.DestroyOfVisitAsync(tx, id, DestroyedBecause.Withdrawn, ct);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal? Wrong(GiveConsent ask)
    {
        var wrong = Refusals.InvalidConsent;
        var name = ask.Representative?.Trim() ?? "";
        if (ask.GivenBy == ConsentGiver.Representative && name.Length is 0 or > 200) wrong = wrong.On("representative", "Write who agreed for the patient, in at most 200 characters.");
        if (!ask.EveryoneAgreed) wrong = wrong.On("everyoneAgreed", "Nothing is recorded unless everybody in the room agreed.");
        return wrong.Errors.Count > 0 ? wrong : null;
    }

    private const string Insert = """
        insert into recording_consent (id, patient_id, appointment_id, kind, given_by, manner, everyone_agreed, wording, content, key_version, recorded_by, recorded_at)
        values (@id, @patientId, @visit, @kind, @givenBy, @manner, @everyone, @wording, @content, @keyVersion, @staff, @now)
        """;
}
