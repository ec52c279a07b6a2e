using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe;

/// <summary>Keeps a drafted summary with what it stands on and what the verifier says of it, whoever drafted it.</summary>
internal static class SummaryPen
{
    internal const string Drafted = "summary.drafted";

    /// <param name="outside">An outside model's draft with the lines it was shown, in the versions that were read; null has the built-in one written of the chart as it is now.</param>
    public static async Task<Outcome<DraftedSummary>> WriteAsync(ClinicTx tx, PatientId patient, DraftedText? outside, CancellationToken ct)
    {
        var id = DraftId.New();
        var access = new Access(Drafted, "draft", id.Value);
        if (await Assistant.DrafterAsync(tx, AssistFeature.ChartSummary, ct) == DraftsWith.Off) return Refusals.DraftingOff;
        if (await PatientRegister.ReadAsync(tx, patient, access, ct) is not { } person || await tx.OpenPatientAsync(patient, access, ct) is not { } key) return Refusals.NoSuchPatient;
        if ((outside ?? SummaryDrafter.Write(await ChartMaterial.ReadAsync(tx, key, ct))) is not { } drafted) return Refusals.EmptyChart;
        var facts = await PatientFacts.ReadAsync(tx, key, person.Line, ct);
        var content = new DraftContent(drafted.Draft, SummaryVerdict.Of(drafted.Source.Text, drafted.Draft, facts), facts) { Source = drafted.Source };
        var planted = await SeedShelf.OneInAsync(tx, ct) is { } oneIn ? Seeder.Plant(id, oneIn, drafted.Source.Text, content) : null;
        if (planted is not null) content = content with { Draft = planted.Draft, Verification = planted.Verification };
        if (!await DraftPen.PutAsync(tx, key, new(id, DraftKind.Summary, null, null, content), ct))
            return await OpenOfAsync(tx, patient, ct) is { } open ? Refusals.SummaryOpen.With("draftId", open.Value) : Refusals.SummaryOpen;
        if (planted is not null) SeedShelf.Add(tx, key, id, planted);
        return new DraftedSummary(id, patient, 1);
    }

    /// <summary>The patient's summary under review, or null.</summary>
    public static Task<DraftId?> OpenOfAsync(ClinicTx tx, PatientId patient, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<DraftId?>("select id from draft where patient_id = @patient and kind = 'summary' and state = 'open'", new { patient }, ct);
}
