using Chartroom.Orders;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Charts;

/// <summary>Writes an entry into a chart, or a new version of one.</summary>
/// <param name="Content">The whole content. Written by hand are problems, allergies, medications, vitals and results; the rest comes from visits and imports.</param>
internal sealed record WriteEntry(Entry Content)
{
    /// <summary>The encounter it belongs to; of a new entry only.</summary>
    public EntryId? EncounterId { get; init; }
    /// <summary>Why it is right in spite of a warning that an allergy and a medication do not go together; kept with the entry.</summary>
    public string? Despite { get; init; }
    /// <summary>Of a new result: the open order of this patient that it answers, and closes.</summary>
    public OrderId? OrderId { get; init; }
    /// <summary>Of a new result: true when the provider who writes it has seen it by that, so that it waits for nobody.</summary>
    public bool IsSeen { get; init; }
}

/// <summary>Adds entries, all or none. Refuses <c>charts.no-such-patient</c>, <c>charts.no-such-encounter</c>, <c>charts.kind-not-written-here</c>,
/// <c>charts.allergy-warning</c>, <c>charts.no-such-order</c>.</summary>
internal sealed class AddEntriesHandler(TenantDb db)
{
    public async Task<Outcome<IReadOnlyList<EntryId>>> HandleAsync(PatientId patient, IReadOnlyList<WriteEntry> asks, Actor actor, CancellationToken ct)
    {
        if (asks.Select(ask => EntryRules.Check(ask.Content)).FirstOrDefault(wrong => wrong is not null) is { } refusal) return refusal;
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.added", "patient", patient.Value), ct) is not { } key || !await PatientRegister.HoldAsync(tx, patient, ct)) return Refusals.NoSuchPatient;
        foreach (var encounter in asks.Select(ask => ask.EncounterId).OfType<EntryId>().Distinct())
            if (await ChartReads.OneAsync(tx, patient, encounter, ct) is not { Kind: "encounter" }) return Refusals.NoSuchEncounter;

        var ids = new List<EntryId>(asks.Count);
        foreach (var ask in asks)
        {
            var content = AllergyCheck.Judge(await AllergyCheck.ReadAsync(tx, key, ask.Content.Kind, ct), null, Settled(ask.Content), ask.Despite);
            if (!content.IsOk) return content.Refusal;
            if (IsOfTomorrow(content.Value, tx.Now)) return Refusals.Invalid.On("day", "This lies in the future.");
            if (ask.OrderId is { } order && (content.Value is not Entry.Result || !await OrderBook.AnswerAsync(tx, patient, order, ct))) return Refusals.NoSuchOrder.On("order", "Choose an open order, or none.");
            var entry = new NewEntry(EntryId.New(), patient, content.Value) { Encounter = ask.EncounterId, Author = actor.Staff, AsksToBeSeen = true, Order = ask.OrderId };
            ChartBook.Add(tx, key, entry);
            if (ask.IsSeen && content.Value is Entry.Result && Rights.Allows(actor.Role, Permission.SignNotes)) SeeResultHandler.Add(tx, key, new(entry.Id, 1, "seen", null));
            if (content.Value.Accepted.Count > 0) tx.Audit(new("allergy_warning.overridden", "entry", entry.Id.Value), patient);
            ids.Add(entry.Id);
        }
        await tx.CommitAsync(ct);
        return ids;
    }

    /// <summary>The flag of a result is worked out where figures say it.</summary>
    internal static Entry Settled(Entry content) => content is Entry.Result result ? ResultFlags.Settled(result) : content;

    /// <summary>A day of grace: the clinic's calendar may be ahead of UTC's.</summary>
    private static bool IsOfTomorrow(Entry content, DateTimeOffset now) => content is Entry.Result && content.At is { } at && at.Earliest > now.AddDays(1);
}

/// <summary>An amendment by whoever opened the entry at a version. The change gets the present content and gives the new one.</summary>
internal sealed record AmendEntry(PatientId Patient, EntryId Id, int Version, Func<Entry, Outcome<Entry>> Change)
{
    /// <inheritdoc cref="WriteEntry.Despite"/>
    public string? Despite { get; init; }
}

/// <summary>Amends an entry. Refuses <c>charts.stale-entry</c> (412) when somebody was faster, <c>charts.allergy-warning</c>.</summary>
internal sealed class AmendEntryHandler(TenantDb db)
{
    public async Task<Outcome<int>> HandleAsync(AmendEntry ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(ask.Patient, new("entry.amended", "entry", ask.Id.Value), ct) is not { } key || !await PatientRegister.HoldAsync(tx, ask.Patient, ct)) return Refusals.NoSuchPatient;
        if (await ChartReads.OneAsync(tx, ask.Patient, ask.Id, ct) is not { } row) return Refusals.NoSuchEntry;
        if (row.Version != ask.Version) return Refusals.StaleEntry.With("currentVersion", row.Version);

        var before = row.Open(key).Content;
        var after = ask.Change(before);
        if (!after.IsOk) return after.Refusal;
        if (after.Value.Kind != before.Kind) return Refusals.OtherKind;
        if (EntryRules.Check(after.Value) is { } refusal) return refusal;
        var judged = AllergyCheck.Judge(await AllergyCheck.ReadAsync(tx, key, before.Kind, ct), before, AddEntriesHandler.Settled(after.Value), ask.Despite);
        if (!judged.IsOk) return judged.Refusal;
        if (judged.Value.Accepted.Count > before.Accepted.Count) tx.Audit(new("allergy_warning.overridden", "entry", ask.Id.Value), ask.Patient);
        var state = after.Value.IsEnteredInError ? EntryState.EnteredInError : EntryState.Final;
        var amended = await ChartBook.AmendAsync(tx, key, new(ask.Id, ask.Patient, ask.Version, judged.Value, actor.Staff) { State = state }, ct);
        if (amended.IsOk) await tx.CommitAsync(ct);
        return amended;
    }
}
