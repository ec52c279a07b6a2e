using Chartroom.Charts;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;
using Chartroom.Scribe;

namespace Chartroom.Demo;

/// <summary>Signed notes of the demo provider's visits, as if written by hand, but for the last days: those wait under Still open. A patient's are one transaction, so that one cut off in the middle goes on.</summary>
internal static class DemoNotes
{
    private const int Days = 90, MostVisits = 2000;
    private static readonly TimeSpan Unsigned = TimeSpan.FromHours(30);

    private static readonly (string Subjective, string Objective, string Assessment, string Plan)[] Visits =
    [
        ("Comes for follow-up and feels well. Takes the medicines as prescribed, no side effects. Sleeps and eats as usual.", "Alert, in no distress. Lungs clear, heart regular without murmur, no edema.", "Stable.", "Medicines as before. Laboratory before the next visit in three months."),
        ("Sore throat and runny nose for four days, no fever, no trouble breathing.", "Throat red without exudate, ears normal, lungs clear, no swollen nodes.", "Viral upper respiratory infection.", "Fluids and rest. Comes back if it lasts longer than ten days or fever begins."),
        ("Low back pain for two weeks after moving furniture, better lying down. No weakness, no numbness.", "Tender beside the lower spine, straight leg raise negative, strength and reflexes normal.", "Strain of the lower back.", "Stays active, heat, home exercises shown. Physical therapy if no better in four weeks."),
        ("Yearly visit, no complaints. Walks half an hour most days, does not smoke.", "Examination without findings.", "Healthy for age.", "Screening up to date. Next yearly visit in twelve months."),
        ("Headaches once a week, throbbing, with light bothering. No change of vision, no weakness.", "Neurologic examination normal, neck supple.", "Migraine without warning signs.", "Keeps a headache diary. Regular meals and sleep. Comes back in six weeks with it."),
    ];

    /// <summary>How many were written.</summary>
    public static async Task<int> MakeAsync(TenantDb db, ClinicId clinic, CancellationToken ct)
    {
        if (await ProviderAsync(db, clinic, ct) is not { } provider) return 0;
        var made = 0;
        foreach (var visits in (await WantedAsync(db, provider, ct)).GroupBy(it => it.PatientId))
        {
            await using var tx = await db.BeginAsync(provider, Permission.SignNotes, ct);
            var key = await tx.OpenPatientAsync(visits.Key, new("note.signed", "patient", visits.Key.Value), ct) ?? throw new InvalidOperationException("A patient of the demo has a key.");
            foreach (var visit in visits)
            {
                var note = EntryId.New();
                ChartBook.Add(tx, key, new(note, visits.Key, Of(visit)) { Author = visit.ProviderId, Encounter = SignNoteHandler.AddEncounter(tx, key, visit) });
                if (!await VisitNotes.KeepAsync(tx, new(visit.Id, visits.Key, note), ct)) throw new InvalidOperationException("A visit of the demo that had no note has one.");
                made++;
            }
            await tx.CommitAsync(ct);
        }
        return made;
    }

    private static async Task<Actor?> ProviderAsync(TenantDb db, ClinicId clinic, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic, "cli"), Permission.SeeAppointments, ct);
        tx.Audit(new("note.demo-planned", "staff"));
        var providers = await tx.QueryAsync<PersonId>("select id from staff where is_provider and has_account order by display_name limit 1", null, ct);
        await tx.CommitAsync(ct);
        return providers.Count == 0 ? null : new Actor(clinic, providers[0], ClinicRole.Provider, Origin.Job("cli"));
    }

    /// <summary>Visits without any note or draft, and long enough ago.</summary>
    private static async Task<List<VisitFacts>> WantedAsync(TenantDb db, Actor provider, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(provider, Permission.SignNotes, ct);
        tx.Audit(new("note.demo-planned", "appointment"));
        var attended = await Scheduling.Visits.AttendedAsync(tx, provider.Staff, tx.Now.AddDays(-Days - 1), MostVisits, ct);
        var begun = (await tx.QueryAsync<AppointmentId>(SelectBegun, new { ids = attended.Select(it => it.Id.Value).ToArray() }, ct)).ToHashSet();
        var until = tx.Now - Unsigned;
        await tx.CommitAsync(ct);
        return [.. attended.Where(it => it.StartsAt < until && !begun.Contains(it.Id))];
    }

    private static Entry.Note Of(VisitFacts visit)
    {
        var words = Visits[(int)(visit.LocalStart.Ticks / TimeSpan.TicksPerMinute / 5 % Visits.Length)];
        return new()
        {
            Title = $"{visit.VisitType} note", Written = PartialTime.Of(visit.EndsAt), By = [visit.ProviderName], Comments = [$"Written by hand, signed by {visit.ProviderName}."],
            Sections = [new("Subjective", words.Subjective), new("Objective", words.Objective), new("Assessment", words.Assessment), new("Plan", words.Plan)],
        };
    }

    private const string SelectBegun = """
        select appointment_id
        from visit_note
        where appointment_id = any(@ids)
        union all
        select appointment_id
        from draft
        where appointment_id = any(@ids)
        """;
}
