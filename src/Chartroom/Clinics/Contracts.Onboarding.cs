using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.Clinics;

/// <summary>One step of the onboarding wizard.</summary>
/// <param name="Key">As the database keeps it.</param>
/// <param name="Text">As the wizard calls it.</param>
public sealed record OnboardingStep(string Key, string Text)
{
    /// <summary>In the order they are asked. The agreement comes before and stands elsewhere, since it is signed once and for good.</summary>
    public static IReadOnlyList<OnboardingStep> All { get; } =
    [
        new("profile", "Clinic"), new("locations", "Locations"), new("providers", "Providers"), new("hours", "Hours"), new("visit_types", "Visit types"), new("staff", "Staff"),
    ];

    /// <summary>What the field <c>then</c> of a step's form holds when the primary button was pressed: save, then go on.</summary>
    public const string GoOn = "next";

    /// <summary>Its page in the wizard.</summary>
    public string Path => PathOf(Key);

    /// <summary>The page of a step in the wizard.</summary>
    public static string PathOf(string key) => $"/onboarding/{key.Replace('_', '-')}";
}

/// <summary>How far a clinic is in the wizard, for programs.</summary>
/// <param name="Next">Key of what is due: <c>agreement</c>, a step, or null when all is done.</param>
public sealed record OnboardingView(bool IsAgreementSigned, IReadOnlyList<OnboardingView.Step> Steps, string? Next)
{
    /// <summary>A step, and whether it was saved.</summary>
    public sealed record Step(string Key, bool IsDone);
}

/// <summary>How far a clinic is in the wizard. Each step is saved by itself, so it goes on where it was left, on any machine.</summary>
public sealed class OnboardingState(TenantDb db, ClinicDirectory clinic, StaffDirectory staff)
{
    /// <summary>All of it.</summary>
    public async Task<OnboardingView> ShowAsync(Actor actor, bool isAgreementSigned, CancellationToken ct)
    {
        var done = await DoneAsync(actor, ct);
        var next = OnboardingStep.All.FirstOrDefault(step => !done.Contains(step.Key))?.Key;
        return new(isAgreementSigned, [.. OnboardingStep.All.Select(step => new OnboardingView.Step(step.Key, done.Contains(step.Key)))], isAgreementSigned ? next : "agreement");
    }

    /// <summary>The page to go on with, or null when all is done.</summary>
    public async Task<string?> NextPageAsync(Actor actor, bool isAgreementSigned, CancellationToken ct) =>
        (await ShowAsync(actor, isAgreementSigned, ct)).Next is { } next ? OnboardingStep.PathOf(next) : null;

    /// <summary>Marks a step as saved once what the clinic cannot do without is there. Doing it again changes nothing. Refuses <c>clinics.step-empty</c>,
    /// <c>clinics.no-provider</c> and <c>clinics.no-such-step</c>.</summary>
    public async Task<Outcome<Done>> FinishAsync(string step, Actor actor, CancellationToken ct)
    {
        if (OnboardingStep.All.All(known => known.Key != step)) return Refusals.NoSuchStep;
        if (step == "locations" && (await clinic.LocationsAsync(actor, ct)).Count == 0) return Refusals.NothingThere;
        if (step == "visit_types" && (await clinic.VisitTypesAsync(actor, ct)).Count == 0) return Refusals.NothingThere;
        if (step == "providers" && !(await staff.ListAsync(actor, ct)).Any(member => member.IsProvider)) return Refusals.NoProvider;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Queue("insert into onboarding_step (step, done_at) values (@step, @now) on conflict on constraint onboarding_step_pkey do nothing", new { step, now = tx.Now });
        tx.Audit(new Access("onboarding.step-saved", "onboarding_step", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private async Task<List<string>> DoneAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var done = await tx.QueryAsync<string>("select step from onboarding_step", null, ct);
        tx.Audit(new Access("onboarding.read", "onboarding_step", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return done;
    }
}
