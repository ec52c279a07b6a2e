using Chartroom.Orders;
using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>What a form page shows beside its fields.</summary>
/// <param name="Story">The entry being amended; null for a new one.</param>
public sealed record EntryFormFrame(PatientRecord Patient, EntryKind Kind, EntryStory? Story, string Zone, DateTimeOffset Now)
{
    /// <summary>For a problem: what its code is chosen from.</summary>
    public CodeChoices Codes { get; init; } = new(null, []);
    /// <summary>For a new result: the open orders it may answer.</summary>
    public IReadOnlyList<PlacedOrder> Orders { get; init; } = [];
    /// <summary>True for who has seen a result by writing it.</summary>
    public bool MaySign { get; init; }
    /// <summary>The page the form was opened from.</summary>
    public string Back { get; init; } = $"/patients/{Patient.Line.Id}/chart";
    public string BackText => Back.Contains("/chart", StringComparison.Ordinal) ? "Chart" : "Back";
    public string Action => Story is null
        ? $"/patients/{Patient.Line.Id}/chart/new/{Kind.ToString().ToLowerInvariant()}?from={Uri.EscapeDataString(Back)}" : $"/patients/{Patient.Line.Id}/entries/{Story.Now.Id}";
}

/// <summary>Reads what a form or an entry's page needs.</summary>
internal sealed class EntryFrameHandler(TenantDb db)
{
    public async Task<Outcome<PatientRecord>> PatientAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        if (await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient", patient.Value), ct) is not { } person) return Refusals.NoSuchPatient;
        await tx.CommitAsync(ct);
        return person;
    }

    /// <summary>What a result may answer: open orders of the patient, but for medicines.</summary>
    public async Task<IReadOnlyList<PlacedOrder>> OpenOrdersAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("orders.read", "patient", patient.Value), ct) is not { } key) return [];
        var orders = await OrderReading.OfPatientAsync(tx, key, ct);
        await tx.CommitAsync(ct);
        return [.. orders.Where(order => order.State == OrderState.Open && order.Kind != OrderKind.Medicine)];
    }
}

/// <summary>The pages on which entries are written; each posts to the handler that the API calls too.</summary>
internal static class EntryForms
{
    private static readonly EntryKind[] Written = [EntryKind.Problem, EntryKind.Allergy, EntryKind.Medication, EntryKind.Vital, EntryKind.Result];

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapKind<EntryForm.Problem>(routes, EntryKind.Problem);
        MapKind<EntryForm.Allergy>(routes, EntryKind.Allergy);
        MapKind<EntryForm.Medication>(routes, EntryKind.Medication);
        MapKind<EntryForm.Vital>(routes, EntryKind.Vital);
        MapKind<EntryForm.Result>(routes, EntryKind.Result);
        routes.MapGet("/patients/{id}/entries/{entry}", ShowAsync).ExcludeFromDescription().Requires(Permission.SeeCharts).Audits("patient.read", "entry.read", "code_favourite.listed");
    }

    private static void MapKind<TForm>(IEndpointRouteBuilder routes, EntryKind kind) where TForm : EntryForm
    {
        var name = kind.ToString().ToLowerInvariant();
        routes.MapGet($"/patients/{{id}}/chart/new/{name}", async (PatientId id, EntryFrameHandler frames, Actor actor, HttpContext context) =>
                await FormAsync(new(id, kind), frames, actor, context))
            .ExcludeFromDescription().Requires(Permission.EditCharts).Audits("patient.read", "code_favourite.listed", "orders.read");
        routes.MapPost($"/patients/{{id}}/chart/new/{name}", async (PatientId id, Form<TForm> form, EntryFrameHandler frames, AddEntriesHandler handler, HttpContext context) =>
            {
                var actor = ActorOf(context);
                var added = await form.ThenAsync(async written =>
                {
                    var titled = await CodesOf(context).TitledAsync(written, actor.Origin, context.RequestAborted);
                    var made = titled.Write(null, ZoneOf(context));
                    return made.IsOk ? await handler.HandleAsync(id, [.. made.Value.Select(content => new WriteEntry(content) { Despite = written.WhyDespite, OrderId = (written as EntryForm.Result)?.Order, IsSeen = written is EntryForm.Result { IsSeen: true } })], actor, context.RequestAborted) : made.Refusal;
                });
                return added.IsOk ? Page.SeeOther(ChartNote.After(id, name, added.Value, context.Request)) : await FormAsync(new(id, kind) { State = form.Again(added.Refusal) }, frames, actor, context);
            }).ExcludeFromDescription().Requires(Permission.EditCharts).Audits("entry.added", "patient.read", "code_favourite.listed", "allergy_warning.overridden", "orders.read", "order.done", "result.seen");
        routes.MapPost($"/patients/{{id}}/entries/{{entry}}/{name}", async (PatientId id, EntryId entry, Form<TForm> form, AmendEntryHandler handler, HttpContext context) =>
            {
                var actor = ActorOf(context);
                var amended = await form.ThenAsync(async written =>
                {
                    var titled = await CodesOf(context).TitledAsync(written, actor.Origin, context.RequestAborted);
                    var change = new AmendEntry(id, entry, (int)(form.Version ?? 0), Change(titled, ZoneOf(context))) { Despite = written.WhyDespite };
                    return await handler.HandleAsync(change, actor, context.RequestAborted);
                });
                return amended.IsOk ? Page.SeeOther($"{ChartNote.After(id, "changed", [entry], context.Request)}&v={amended.Value}") : await AgainAsync(id, entry, form.Again(amended.Refusal), context);
            }).ExcludeFromDescription().Requires(Permission.EditCharts).Audits("entry.amended", "entry.read", "patient.read", "code_favourite.listed", "allergy_warning.overridden");
    }

    /// <summary>A form amends one entry, so it makes one.</summary>
    private static Func<Entry, Outcome<Entry>> Change(EntryForm form, string zone) => before =>
    {
        var made = form.Write(before, zone);
        return made.IsOk ? made.Value[0] : made.Refusal;
    };

    private static async Task<IResult> ShowAsync(PatientId id, EntryId entry, HttpContext context) =>
        await AgainAsync(id, entry, FormState.Fresh, context);

    private static async Task<IResult> AgainAsync(PatientId id, EntryId entry, FormState state, HttpContext context)
    {
        var (actor, services) = (ActorOf(context), context.RequestServices);
        var patient = await services.GetRequiredService<EntryFrameHandler>().PatientAsync(id, actor, context.RequestAborted);
        if (!patient.IsOk) return await RefuseAsync(patient.Refusal, context);
        var story = await services.GetRequiredService<ReadEntriesHandler>().OneAsync(id, entry, actor, context.RequestAborted);
        if (!story.IsOk) return await RefuseAsync(story.Refusal, context);
        var kind = story.Value.Now.Content.Kind;
        var mayAmend = Written.Contains(kind) && Rights.Allows(actor.Role, Permission.EditCharts);
        return Page.Of<EntryPage>(new
        {
            Frame = new EntryFormFrame(patient.Value, kind, story.Value, ZoneOf(context), services.GetRequiredService<ClinicTime>().Now)
            {
                Back = ChartNote.WayBack(context.Request, id), MaySign = Rights.Allows(actor.Role, Permission.SignNotes),
                Codes = mayAmend ? await ChoicesAsync(kind, actor, context) : new(null, []),
            },
            State = state,
            MayAmend = mayAmend,
            MayPutAway = Rights.Allows(actor.Role, Permission.EditCharts) && (kind is not (EntryKind.Note or EntryKind.Encounter) || story.Value.Now.IsImported),
        }, state.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> FormAsync(NewForm ask, EntryFrameHandler frames, Actor actor, HttpContext context)
    {
        var patient = await frames.PatientAsync(ask.Patient, actor, context.RequestAborted);
        if (!patient.IsOk) return await RefuseAsync(patient.Refusal, context);
        var now = context.RequestServices.GetRequiredService<ClinicTime>().Now;
        var frame = Frame(patient.Value, ask.Kind, now, context) with
        {
            Codes = await ChoicesAsync(ask.Kind, actor, context), MaySign = Rights.Allows(actor.Role, Permission.SignNotes),
            Orders = ask.Kind == EntryKind.Result ? await frames.OpenOrdersAsync(ask.Patient, actor, context.RequestAborted) : [],
        };
        return Page.Of<NewEntryPage>(new { Frame = frame, ask.State },
            ask.State.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static ProblemCode CodesOf(HttpContext context) => context.RequestServices.GetRequiredService<ProblemCode>();

    private static async Task<CodeChoices> ChoicesAsync(EntryKind kind, Actor actor, HttpContext context) =>
        kind == EntryKind.Problem ? await CodesOf(context).ChoicesAsync(actor, context.RequestAborted) : new(null, []);

    private static EntryFormFrame Frame(PatientRecord patient, EntryKind kind, DateTimeOffset now, HttpContext context) =>
        new(patient, kind, null, ZoneOf(context), now) { Back = ChartNote.WayBack(context.Request, patient.Line.Id) };

    internal static async Task<IResult> RefuseAsync(Refusal refusal, HttpContext context)
    {
        await Boundary.AnswerAsync(context, refusal);
        return Results.Empty;
    }

    internal static Actor ActorOf(HttpContext context) =>
        context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route asks for a permission, so somebody is signed in.");

    internal static string ZoneOf(HttpContext context) => context.Features.Get<SignedIn>()?.TimeZone ?? "UTC";

    private sealed record NewForm(PatientId Patient, EntryKind Kind)
    {
        public FormState State { get; init; } = FormState.Fresh;
    }
}
