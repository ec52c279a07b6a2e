using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Keys;

/// <summary>Asks for new keys.</summary>
/// <param name="WithPatients">True: patients' keys get a new version too and all content is sealed anew; false: only the key around them is new.</param>
public sealed record RotateKeys(bool WithPatients);

/// <summary>The clinic's keys as they stand.</summary>
/// <param name="Versions">Of the clinic's data key, newest first.</param>
/// <param name="Rotation">The last rotation, or null before the first.</param>
/// <param name="Patients">Patients with a key.</param>
/// <param name="PatientsLeft">Of those, how many still have content under an older version; 0 when none is.</param>
public sealed record KeysView(IReadOnlyList<KeyVersion> Versions, RotationView? Rotation, long Patients, long PatientsLeft);

/// <summary>A version of the clinic's data key.</summary>
public sealed record KeyVersion(int Version, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);

/// <summary>A rotation and how far it has come.</summary>
public sealed record RotationView(string Phase, bool WithPatients, DateTimeOffset AskedAt, DateTimeOffset? FinishedAt);

/// <summary>Takes down that keys are to be rotated; <see cref="RotationWorker"/> and the command line do it. Refused while one is running: the unique index
/// <c>key_rotation_one_open_idx</c> holds that.</summary>
internal sealed class RotateKeysHandler(TenantDb db)
{
    public async Task<Outcome<Done>> HandleAsync(RotateKeys ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageKeys, ct);
        var id = Guid.CreateVersion7();
        tx.Audit(new("key.rotation-asked", "key_rotation", id, Purpose.Operations));
        var inserted = await tx.ExecuteAsync("""
            insert into key_rotation (id, with_patients, asked_by, asked_at)
            values (@id, @withPatients, @person, @now)
            on conflict do nothing
            """, new { id, ask.WithPatients, actor.Person, now = tx.Now }, ct);
        if (inserted == 0) return Refusals.RotationRunning;
        await tx.CommitAsync(ct);
        return Done.It;
    }

    public async Task<KeysView> ViewAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageKeys, ct);
        var versions = tx.Ask<KeyVersion>("select version, created_at, retired_at from clinic_key where purpose = 'data' order by version desc", null);
        var rotations = tx.Ask<RotationView>("select phase, with_patients, asked_at, finished_at from key_rotation order by id desc limit 1", null);
        var counts = tx.Ask<Counted>("""
            select count(distinct patient_id) as patients,
                count(distinct patient_id) filter (where superseded_at is not null and emptied_at is null) as patients_left
            from patient_key
            where wrapped is not null
            """, null);
        tx.Audit(new("key.listed", "clinic_key", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        var counted = (await counts.ReadAsync(ct)).Single();
        return new(await versions.ReadAsync(ct), (await rotations.ReadAsync(ct)).SingleOrDefault(), counted.Patients, counted.PatientsLeft);
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/keys").WithTags("Keys");
        api.MapGet("", async (RotateKeysHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.ViewAsync(actor, ct)))
            .Requires(Permission.ManageKeys).Audits("key.listed").WithSummary("Versions of the clinic's key and the last rotation");
        api.MapPost("/rotations", async (RotateKeys ask, RotateKeysHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(ask, actor, ct)).ToHttp(_ => TypedResults.Accepted("/api/v1/keys")))
            .Requires(Permission.ManageKeys).RequiresStepUp().Audits("key.rotation-asked").WithSummary("Rotate the clinic's keys now");
        routes.MapGet("/settings/keys", async (RotateKeysHandler handler, Actor actor, CancellationToken ct) => Page.Of<KeysPage>(new { View = await handler.ViewAsync(actor, ct) }))
            .Requires(Permission.ManageKeys).Audits("key.listed").ExcludeFromDescription();
        routes.MapPost("/settings/keys/rotate", async (Form<RotateKeys> form, RotateKeysHandler handler, Actor actor, CancellationToken ct) =>
        {
            var asked = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, ct));
            return asked.IsOk ? Page.SeeOther("/settings/keys") : Page.Refused(asked.Refusal);
        }).Requires(Permission.ManageKeys).RequiresStepUp().Audits("key.rotation-asked").ExcludeFromDescription();
    }

    private sealed record Counted(long Patients, long PatientsLeft);
}
