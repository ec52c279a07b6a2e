using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

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

    /// <summary>Its page in the wizard.</summary>
    public string Path => PathOf(Key);

    /// <summary>The page of a step in the wizard.</summary>
    public static string PathOf(string key) => $"/onboarding/{key.Replace('_', '-')}";
}

/// <summary>How far a clinic is in the wizard. Each step is saved by itself, so it goes on where it was left, on any machine.</summary>
public sealed class OnboardingState(TenantDb db)
{
    /// <summary>The page to go on with, or null when all is done.</summary>
    public async Task<string?> NextPageAsync(Actor actor, bool isAgreementSigned, CancellationToken ct)
    {
        if (!isAgreementSigned) return "/onboarding/agreement";
        var done = await DoneAsync(actor, ct);
        return OnboardingStep.All.FirstOrDefault(step => !done.Contains(step.Key))?.Path;
    }

    /// <summary>Keys of the steps that have been saved.</summary>
    public async Task<IReadOnlyCollection<string>> DoneAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var done = await tx.QueryAsync<string>("select step from onboarding_step", null, ct);
        tx.Audit(new Access("onboarding.read", "onboarding_step", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return done;
    }

    /// <summary>Marks steps as saved; doing it again changes nothing. Demo and import pass all of them.</summary>
    public async Task MarkAsync(IEnumerable<string> steps, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        foreach (var step in steps)
            tx.Queue("insert into onboarding_step (step, done_at) values (@step, @now) on conflict on constraint onboarding_step_pkey do nothing", new { step, now = tx.Now });
        tx.Audit(new Access("onboarding.step-saved", "onboarding_step", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
    }
}
