using System.Globalization;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Patients;

/// <summary>The pages of this capability; each calls the handler that the API calls.</summary>
internal static class PatientPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/patients", ListAsync).Requires(Permission.SeePatients).Audits(ListPatientsHandler.Listed);
        pages.MapPost("/patients/search", SearchAsync).Requires(Permission.SeePatients).Audits("patient.searched");
        pages.MapGet("/patients/new", () => Page.Of<NewPatientPage>()).Requires(Permission.EditPatients).Audits();
        pages.MapPost("/patients/new", CreateAsync).Requires(Permission.EditPatients).Audits("patient.created", "patient.duplicates-found", "patient.duplicates-shown");
        // Beside what is ours, each panel of the page writes down its own.
        pages.MapGet("/patients/{id:guid}", ReadAsync).Requires(Permission.SeePatients)
            .Audits(ReadPatientHandler.Read, "appointment.listed", "papers.read", "task.listed", "recall.listed", "account.read", "chart.restriction-read");
        pages.MapGet("/patients/{id:guid}/edit", EditFormAsync).Requires(Permission.EditPatients).Audits(ReadPatientHandler.Read);
        pages.MapPost("/patients/{id:guid}/edit", EditAsync).Requires(Permission.EditPatients).Audits(EditPatientHandler.Changed, EditPatientHandler.Compared);
    }

    private static async Task<IResult> ListAsync(string? after, bool? away, ListPatientsHandler handler, Actor actor, CancellationToken ct)
    {
        var part = await handler.HandleAsync(new(after, null, away ?? false), actor, ct);
        return part.IsOk ? Page.Of<PatientsPage>(new { Part = part.Value, IsFirst = after is null, IsAway = away ?? false }) : Page.Refused(part.Refusal);
    }

    /// <summary>What the search box sends.</summary>
    /// <param name="To">Where a choice leads, when not to the patient's page.</param>
    private sealed record SearchBox(string? Text, string? To);

    private static async Task<IResult> SearchAsync(Form<SearchBox> form, SearchPatientsHandler handler, HttpContext http, Actor actor, CancellationToken ct)
    {
        var found = await form.ThenAsync(ask => handler.HandleAsync(new(ask.Text), actor, ct));
        if (!found.IsOk) return Page.Refused(found.Refusal);
        var shown = new { Found = found.Value, To = form.Ask.Value.To is ['/', not ('/' or '\\'), ..] path ? path : null };   // a path of ours, never another site
        return Page.IsPartial(http.Request) ? Page.Of<SearchHits>(shown) : Page.Of<SearchPage>(shown);
    }

    private static async Task<IResult> CreateAsync(
        Form<CreatePatient> form, CreatePatientHandler handler, LikelyTwinsHandler twins, Actor actor, CancellationToken ct)
    {
        var entered = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, ct));
        if (entered.IsOk) return Page.SeeOther($"/patients/{entered.Value.Id}");
        var alike = await twins.HandleAsync(entered.Refusal, actor, ct);
        return Page.Of<NewPatientPage>(new { Form = form.Again(entered.Refusal), Twins = alike }, entered.Refusal.Status);
    }

    private static async Task<IResult> ReadAsync(PatientId id, ReadPatientHandler handler, Actor actor, CancellationToken ct)
    {
        var patient = await handler.HandleAsync(id, actor, ct);
        return patient.IsOk ? Page.Of<PatientPage>(new { Patient = patient.Value }) : Page.Refused(patient.Refusal);
    }

    private static async Task<IResult> EditFormAsync(PatientId id, ReadPatientHandler handler, Actor actor, CancellationToken ct)
    {
        var patient = await handler.HandleAsync(id, actor, ct);
        if (!patient.IsOk) return Page.Refused(patient.Refusal);
        return patient.Value.Line.Away is null ? Page.Of<EditPatientPage>(new { Patient = patient.Value }) : Page.Refused(Refusals.Away);
    }

    private static async Task<IResult> EditAsync(
        PatientId id, Form<ChangedPatient> form, EditPatientHandler handler, Actor actor, CancellationToken ct)
    {
        var version = (int)(form.Version ?? 0);
        var saved = await form.ThenAsync(async ask => ask.Patient is { } typed
            ? await handler.HandleAsync(new(id, version, typed), actor, ct)
            : Refusals.Invalid.On("patient", "Say who it is."));   // ours always does
        if (saved.IsOk) return Page.SeeOther($"/patients/{id}");
        var change = await handler.CompareAsync(id, version, actor, ct);
        if (!change.IsOk) return Page.Refused(change.Refusal);
        var (current, state) = (change.Value.Current, form.Again(saved.Refusal));
        return saved.Refusal.Code == Versions.Stale.Code
            ? Page.Of<EditPatientPage>(new { Patient = current, Form = Rebased(state, change.Value), Change = change.Value }, saved.Refusal.Status)
            : Page.Of<EditPatientPage>(new { Patient = current, Form = state }, saved.Refusal.Status);
    }

    /// <summary>The typed form carried over to the present version: fields this person left alone show what somebody else has written since; what they
    /// typed themselves stays. Saving again is then a choice made with everything in sight.</summary>
    internal static FormState Rebased(FormState form, PatientChange change)
    {
        var (before, now) = (change.Before is { } old ? DetailsFields.Of(DetailsOnto.Shown(old)) : null, DetailsFields.Of(DetailsOnto.Shown(change.Now)));
        var typed = form.Typed.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal);
        foreach (var field in change.Fields)
        {
            if (form.Value("patient." + field, null) is { } kept && kept == (before?[field] ?? "")) typed["patient." + field] = now[field] ?? "";
        }
        typed["version"] = change.Current.Version.ToString(CultureInfo.InvariantCulture);
        return form with { Typed = typed };
    }
}
