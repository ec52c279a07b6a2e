using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>Says which voice of a transcript is whose.</summary>
/// <param name="Clinician">Its label in the transcript; null where nobody is.</param>
/// <param name="Patient">The same of the patient.</param>
public sealed record NameSpeakers(string? Clinician, string? Patient);

/// <summary>Who is who, decided by a person. Pure.</summary>
internal static class Voices
{
    /// <summary>The labels of a transcript in the order in which they are heard first.</summary>
    public static IReadOnlyList<string> Of(Transcript transcript) => [.. transcript.Turns.Select(turn => turn.Label).Where(label => label.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>The label of whoever speaks most as that, or null.</summary>
    public static string? LabelOf(Transcript transcript, Speaker speaker) =>
        transcript.Turns.Where(turn => turn.Speaker == speaker && turn.Label.Length > 0).CountBy(turn => turn.Label).OrderByDescending(it => it.Value).Select(it => it.Key).FirstOrDefault();

    /// <summary>Words, places and times stay as they are, and no guess of the drafter's goes over what a person said here. Who was taken for clinician or patient and is named as neither is somebody else in the room.</summary>
    public static Transcript Named(Transcript said, NameSpeakers names) => new([.. said.Turns.Select(turn => turn with
    {
        Speaker = turn.Label.Length == 0 ? turn.Speaker
            : turn.Label == names.Clinician ? Speaker.Clinician
            : turn.Label == names.Patient ? Speaker.Patient
            : turn.Speaker == Speaker.Unknown ? Speaker.Unknown : Speaker.Guest,
        IsNamed = turn.Label.Length > 0 && (turn.Label == names.Clinician || turn.Label == names.Patient),
    })]);
}

/// <summary>
/// Corrects who speaks in a transcript and drafts anew: the correction is a transcript of its own (<c>transcript.corrects</c>), the one before stays, and what was drafted from it and not
/// signed gives way with what was decided on it. Refuses <c>scribe.no-such-transcript</c>, <c>scribe.invalid-speakers</c>, <c>scribe.already-signed</c>, <c>scribe.being-drafted</c>, <c>scribe.drafting-off</c>.
/// </summary>
internal sealed class NameSpeakersHandler(TenantDb db, DraftingBell bell)
{
    private const string Named = "transcript.speakers_named";

    public async Task<Outcome<DraftedNote>> HandleAsync(TranscriptId id, NameSpeakers ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var corrected = TranscriptId.New();
        if (await tx.QueryOneOrNoneAsync<Row>("select patient_id, appointment_id, source, content from transcript where id = @id", new { id }, ct) is not { } row
            || await tx.OpenPatientAsync(row.PatientId, new(Named, "transcript", corrected.Value), ct) is not { } key) return Refusals.NoSuchTranscript;
        var said = key.Open<Transcript>(row.Content, DraftShelf.CellOf(id));
        if (Wrong(said, ask) is { } wrong) return wrong;
        if (await DraftShelf.LatestOfAsync(tx, row.AppointmentId, ct) is { } latest && await ClosingBook.GiveWayAsync(tx, latest, "Drafted anew, with who is who corrected.", ct) is { } refusal) return refusal;
        var template = await tx.QueryOneOrNoneAsync<Guid?>("select template_id from draft where transcript_id = @id and kind = 'note' order by created_at desc, id desc limit 1", new { id }, ct);
        var from = new DraftPen.Sources(row.AppointmentId, corrected, Voices.Named(said, ask)) { TemplateId = template };
        DraftPen.Keep(tx, key, from, row.Source, corrects: id);
        var drafted = await DraftPen.BeginAsync(tx, key, from, ct);
        if (!drafted.IsOk) return drafted;
        await tx.CommitAsync(ct);
        if (drafted.Value.DraftId is null) bell.Ring(actor.Clinic);
        return drafted;
    }

    private static Refusal? Wrong(Transcript said, NameSpeakers ask)
    {
        var (wrong, voices) = (Refusals.InvalidSpeakers, Voices.Of(said));
        if (ask.Clinician is { } clinician && !voices.Contains(clinician)) wrong = wrong.On("clinician", "Choose a voice of this transcript.");
        if (ask.Patient is { } patient && !voices.Contains(patient)) wrong = wrong.On("patient", "Choose a voice of this transcript.");
        else if (ask.Patient is not null && ask.Patient == ask.Clinician) wrong = wrong.On("patient", "Clinician and patient are two voices.");
        if (wrong.Errors.Count == 0 && Voices.Named(said, ask).Turns.Select(turn => (turn.Speaker, turn.IsNamed)).SequenceEqual(said.Turns.Select(turn => (turn.Speaker, turn.IsNamed)))) wrong = wrong.On("clinician", "It says so already.");
        return wrong.Errors.Count > 0 ? wrong : null;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        string[] events = [Named, "draft.discarded", "note.drafted"];
        routes.MapPost("/api/v1/transcripts/{id}/speakers", async (TranscriptId id, NameSpeakers ask, NameSpeakersHandler handler, Actor actor, CancellationToken ct) =>
                ScribeApi.Drafted(await handler.HandleAsync(id, ask, actor, ct)))
            .WithTags("Notes").Requires(Permission.SignNotes).Audits(events).WithName("NameSpeakers")
            .WithSummary("Says which voice of a transcript is the clinician's and which the patient's, and drafts anew.").Produces<DraftedNote>(201).Produces<DraftedNote>(202);
        routes.MapPost("/transcripts/{id}/speakers", async (TranscriptId id, Form<NameSpeakers> form, NameSpeakersHandler handler, Actor actor, CancellationToken ct) =>
        {
            var drafted = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, ct));
            return drafted.IsOk ? Page.SeeOther($"/visits/{drafted.Value.VisitId}/review?at=1") : Page.Refused(drafted.Refusal);
        }).Requires(Permission.SignNotes).Audits(events).ExcludeFromDescription();
    }

    private sealed record Row
    {
        public PatientId PatientId { get; init; }
        public AppointmentId AppointmentId { get; init; }
        public string Source { get; init; } = "";
        public byte[] Content { get; init; } = [];
    }
}
