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

/// <summary>How far a rotation is.</summary>
/// <param name="Phase">Its phase; <c>none</c> when there never was one.</param>
/// <param name="Done">Patients for whom this phase is over.</param>
/// <param name="Patients">All with a key.</param>
internal sealed record RotationProgress(string Phase, long Done, long Patients);

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

    /// <summary>How far the present phase of the last rotation is.</summary>
    public async Task<RotationProgress> ProgressAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageKeys, ct);
        var progress = tx.Ask<RotationProgress>(SelectProgress, null);
        tx.Audit(new("key.listed", "clinic_key", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return (await progress.ReadAsync(ct)).SingleOrDefault() ?? new("none", 0, 0);
    }

    private const string SelectProgress = """
        select rotation.phase,
            count(patient.patient_id) filter (where case rotation.phase when 'asked' then false when 'rewrap' then patient.is_wrapped when 'renew' then patient.is_renewed when 'take_over' then patient.is_taken_over
                when 'reencrypt' then patient.is_sealed when 'destroy' then patient.is_single else true end) as done,
            count(patient.patient_id) as patients
        from key_rotation as rotation
        left join lateral (
            select patient_key.patient_id, bool_and(clinic_key_version >= rotation.data_version) as is_wrapped, bool_or(rotation_id = rotation.id) as is_renewed,
                bool_and(superseded_at is not null or renewed_in is distinct from rotation.id) as is_taken_over,
                bool_and(superseded_at is null or emptied_at is not null) as is_sealed, count(*) = 1 as is_single
            from patient_key
            where wrapped is not null
            group by patient_key.patient_id) as patient on true
        where rotation.id = (select max(latest.id::text)::uuid from key_rotation as latest)
        group by rotation.phase
        """;

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
