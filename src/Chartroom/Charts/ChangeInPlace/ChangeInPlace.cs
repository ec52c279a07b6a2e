using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>What is changed at the list itself: status and dates of a problem, allergy or medication; everything else stays.</summary>
/// <param name="Status">One of the kind's own.</param>
/// <param name="From">Since when, as at the form.</param>
/// <param name="Until">Empty for what is over: today. What goes on again ends no longer.</param>
/// <param name="Despite">Why, in spite of an allergy.</param>
internal sealed record ChangeInPlace(string Status, string? From, string? Until, string? Despite)
{
    /// <summary>The entry as it then is. Pure.</summary>
    public Outcome<Entry> Onto(Entry before, DateOnly today)
    {
        var (from, until) = before switch
        {
            Entry.Problem problem => (EntryForm.Time(From, problem.Onset, "from"), EntryForm.Time(Until, problem.Abated, "until")),
            Entry.Medication drug => (EntryForm.Time(From, drug.At, "from"), EntryForm.Time(Until, drug.End, "until")),
            _ => (new EntryForm.Typed(null), new EntryForm.Typed(null)),
        };
        if (!from.IsOk) return from.Refusal;
        if (!until.IsOk) return until.Refusal;
        return before switch
        {
            Entry.Problem was when Known<ProblemStatus>() is { } status => was with { Status = status, Onset = from.Value.Time, Abated = End(was.Abated, until.Value.Time, IsOver(was.Status?.ToString()), today) },
            Entry.Medication was when Known<MedicationStatus>() is { } status => was with
            {
                Status = status, Start = from.Value.Time == was.At ? was.Start : from.Value.Time, End = End(was.End, until.Value.Time, IsOver(was.Status.ToString()), today),
            },
            Entry.Allergy was when Known<AllergyStatus>() is { } status => was with { Status = status },
            Entry.Problem or Entry.Medication or Entry.Allergy => Refusals.Invalid.On("status", "Choose one of the list."),
            _ => Refusals.NotWrittenHere,
        };
    }

    private static readonly HashSet<string> EndedBy = new(StringComparer.Ordinal) { "Resolved", "Inactive", "Remission", "Stopped", "Completed" };

    /// <summary>A problem with no status and an end is shown among the past ones.</summary>
    private static bool IsOver(string? status) => status is null || EndedBy.Contains(status);

    /// <summary>What is over ends today unless a day is named; what was over and goes on ends no longer; else the end is what stands in the field.</summary>
    private PartialTime? End(PartialTime? was, PartialTime? typed, bool wasOver, DateOnly today) =>
        IsOver(Status) ? typed ?? PartialTime.Of(today) : wasOver && typed == was ? null : typed;

    private T? Known<T>() where T : struct, Enum => Enum.GetNames<T>().Contains(Status) && Status != "EnteredInError" ? Enum.Parse<T>(Status) : null;
}

/// <summary>Takes the last change of an entry back: what it said before is its newest version again. Refuses <c>charts.stale-entry</c>, <c>charts.no-such-entry</c>,
/// <c>charts.allergy-warning</c>.</summary>
internal sealed class UndoChangeHandler(TenantDb db)
{
    public async Task<Outcome<int>> HandleAsync(PatientId patient, EntryId entry, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.amended", "entry", entry.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        if (await ChartReads.OneAsync(tx, patient, entry, ct) is not { } row || row.Version == 1) return Refusals.NoSuchEntry;
        if (row.Version != version) return Refusals.StaleEntry.With("currentVersion", row.Version);
        var before = (await ChartReads.VersionsAsync(tx, patient, entry, ct))[0].Open(key);
        if (EntryRules.Check(before.Content) is { } refusal) return refusal;
        var others = await AllergyCheck.ReadAsync(tx, key, before.Content.Kind, ct);
        if (AllergyCheck.Returning(others, row.Open(key).Content, before, "Open the entry and change it there, where a reason can be given.") is { } warning) return warning;
        var undone = await ChartBook.AmendAsync(tx, key, new(entry, patient, version, before.Content, actor.Staff) { State = before.State }, ct);
        if (undone.IsOk) await tx.CommitAsync(ct);
        return undone;
    }
}

internal static class InPlaceRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/patients/{id}/entries/{entry}/in-place", ChangeAsync).ExcludeFromDescription()
            .Requires(Permission.EditCharts).Audits("entry.amended", "patient.read", "chart.opened", "entry.put-away-listed", "allergy_warning.overridden");
        routes.MapPost("/patients/{id}/entries/{entry}/undo", UndoAsync).ExcludeFromDescription().Requires(Permission.EditCharts).Audits("entry.amended");
    }

    private static async Task<IResult> ChangeAsync(PatientId id, EntryId entry, Form<ChangeInPlace> form, AmendEntryHandler handler, HttpContext context)
    {
        var (actor, ct) = (EntryForms.ActorOf(context), context.RequestAborted);
        var today = DateOnly.FromDateTime(ClinicTime.Local(context.RequestServices.GetRequiredService<ClinicTime>().Now, EntryForms.ZoneOf(context)));
        var changed = await form.ThenAsync(change => handler.HandleAsync(
            new(id, entry, (int)(form.Version ?? 0), before => change.Onto(before, today)) { Despite = change.Despite }, actor, ct));
        if (changed.IsOk) return Page.SeeOther($"{ChartNote.After(id, "changed", [entry], context.Request)}&v={changed.Value}");
        var part = ChartNote.WayBack(context.Request, id).EndsWith("/history", StringComparison.Ordinal) ? ChartPart.History : ChartPart.Summary;
        return await OpenChartHandler.ShowAsync(new(id, part) { Changed = new(entry, form.Again(changed.Refusal)) }, context);
    }

    private static async Task<IResult> UndoAsync(PatientId id, EntryId entry, Form<Nothing> form, UndoChangeHandler handler, HttpContext context)
    {
        var undone = await handler.HandleAsync(id, entry, (int)(form.Version ?? 0), EntryForms.ActorOf(context), context.RequestAborted);
        return undone.IsOk ? Page.SeeOther(ChartNote.After(id, "undone", [], context.Request)) : Page.Refused(undone.Refusal);
    }
}
