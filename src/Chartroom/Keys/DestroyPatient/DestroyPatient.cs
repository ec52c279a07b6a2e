using System.Globalization;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Keys;

/// <summary>Asks that a put-away patient's record end for good.</summary>
/// <param name="Mrn">The record number, typed again: whoever mistakes the patient notices here.</param>
internal sealed record AskPatientDestruction(DestructionReason? Reason, string? Mrn);

/// <summary>Confirms what somebody else asked for.</summary>
/// <param name="Mrn">As in <see cref="AskPatientDestruction"/>.</param>
internal sealed record ConfirmPatientDestruction(string? Mrn);

/// <summary>Takes down who asks, and tells the administrators. Refuses <c>keys.no-key</c>, <c>keys.not-put-away</c>, <c>keys.destruction-asked</c>, <c>keys.invalid-destruction</c>.</summary>
internal sealed class AskPatientDestructionHandler(TenantDb db, PlatformDb platform, DestructionMails mails)
{
    internal const string Asked = "patient.destruction-asked", Told = "patient.destruction-told";

    public async Task<Outcome<Done>> HandleAsync(PatientId patient, AskPatientDestruction ask, Actor actor, CancellationToken ct)
    {
        if (ask.Reason is null) return Refusals.InvalidDestruction.On("reason", "Choose one.");
        await using (var tx = await db.BeginAsync(actor, Permission.EditPatients, ct))
        {
            var line = await PatientDestructions.LineAsync(tx, patient, Asked, ct);
            if (!line.IsOk) return line.Refusal;
            if (!Is(line.Value.Mrn, ask.Mrn)) return Refusals.OtherRecordNumber();
            try
            {
                if (await tx.ExecuteAsync(Insert, new { patient, ask.Reason, actor.Staff, now = tx.Now }, ct) == 0) return Refusals.DestructionAsked;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)   // brought back this moment
            {
                return Refusals.NotPutAway;
            }
            await tx.CommitAsync(ct);
        }
        await using var told = await platform.BeginAsync(actor.Origin, ct);
        await mails.EnqueueAsync(told, actor, ct);
        told.Audit(new(Told, "patient_destruction"), actor.Person, actor.Clinic);
        await told.CommitAsync(ct);
        return Done.It;
    }

    internal static bool Is(long mrn, string? typed) => typed?.Trim() == mrn.ToString(CultureInfo.InvariantCulture);

    private const string Insert = """
        insert into patient_destruction (patient_id, reason, asked_by, asked_at)
        values (@patient, @reason, @staff, @now)
        on conflict on constraint patient_destruction_pkey do nothing
        """;
}

/// <summary>Takes back what is only asked for: whoever asked, or an administrator. Refuses <c>keys.no-destruction</c>, <c>keys.not-yours-to-withdraw</c>.</summary>
internal sealed class WithdrawPatientDestructionHandler(TenantDb db)
{
    internal const string Withdrawn = "patient.destruction-withdrawn";

    public async Task<Outcome<Done>> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        tx.Audit(new(Withdrawn, "patient", patient.Value), patient);
        if (await tx.ExecuteAsync("""
            delete from patient_destruction
            where patient_id = @patient and confirmed_by is null and (@mayAll or asked_by = @staff)
            """, new { patient, mayAll = actor.Role == ClinicRole.Admin, actor.Staff }, ct) == 0)
            return await tx.QueryOneOrNoneAsync<bool>("select exists (select from patient_destruction where patient_id = @patient and confirmed_by is null)", new { patient }, ct)
                ? Refusals.NotYoursToWithdraw : Refusals.NoDestruction;
        await tx.CommitAsync(ct);
        return Done.It;
    }

    internal static bool May(StaffId asker, Actor actor) => actor.Role == ClinicRole.Admin || asker == actor.Staff;
}

/// <summary>
/// Ends the record: a second person, an administrator (constraint <c>patient_destruction_two_people</c>). That they confirmed stands first, in a transaction of its own; then the key goes. Should the program
/// die between the two, the next start finishes it (<see cref="ReplayTombstones"/>), or whoever confirms once more. Refuses <c>keys.no-destruction</c>, <c>keys.two-people</c>,
/// <c>keys.invalid-destruction</c>, <c>keys.no-key</c>.
/// </summary>
internal sealed class ConfirmPatientDestructionHandler(TenantDb db, DestroyPatientKeyHandler destroy)
{
    internal const string Confirmed = "patient.destruction-confirmed";

    public async Task<Outcome<Done>> HandleAsync(PatientId patient, ConfirmPatientDestruction ask, Actor actor, CancellationToken ct)
    {
        await using (var tx = await db.BeginAsync(actor, Permission.ManageKeys, ct))
        {
            var line = await PatientDestructions.LineAsync(tx, patient, Confirmed, ct);
            if (!line.IsOk) return line.Refusal;
            if (!AskPatientDestructionHandler.Is(line.Value.Mrn, ask.Mrn)) return Refusals.OtherRecordNumber();
            try
            {
                if (await tx.ExecuteAsync("""
                    update patient_destruction
                    set confirmed_by = @staff, confirmed_at = @now
                    where patient_id = @patient and confirmed_by is null
                    """, new { patient, actor.Staff, now = tx.Now }, ct) == 0
                    && !await tx.QueryOneOrNoneAsync<bool>("select exists (select from patient_destruction where patient_id = @patient)", new { patient }, ct)) return Refusals.NoDestruction;
            }
            catch (PostgresException error) when (error.ConstraintName == "patient_destruction_two_people")
            {
                return Refusals.TwoPeople;
            }
            await tx.CommitAsync(ct);
        }
        // Whoever was faster, another node or the same button pressed twice, has done it.
        var gone = await destroy.HandleAsync(new(patient), Actor.OfSystem(actor.Clinic, "web"), CancellationToken.None);
        return gone.IsOk || gone.Refusal.Code == Refusals.NoKey.Code ? Done.It : gone.Refusal;
    }
}
