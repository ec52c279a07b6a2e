using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Outbox;

namespace Chartroom.Platform.Tenancy;

/// <summary>The only way to a clinic's data: a transaction that has taken the clinic's database role for what the actor is.</summary>
public sealed class TenantDb(DatabaseLogins logins, KeyRing keys, OutboxBell bell, AuditStamp stamp, TimeProvider clock)
{
    /// <summary>
    /// Opens the clinic transaction. Nothing is sent yet: the settings travel with the first statement. Whatever happens in it leaves at least one audit
    /// event, also when it is given up.
    /// </summary>
    /// <exception cref="ForbiddenException">The actor's role lacks the permission: a route forgot to ask for it.</exception>
    public async Task<ClinicTx> BeginAsync(Actor actor, Permission permission, CancellationToken ct)
    {
        var role = RoleFor(actor, permission) ?? throw new ForbiddenException(permission);
        var clinicKeys = await keys.OfAsync(actor.Clinic, logins, ct);
        return new ClinicTx(logins, await logins.OpenAsync(ct), clinicKeys, new(actor, permission, bell, stamp, clock) { Ring = keys, Role = role });
    }

    /// <summary>The database role for it: the actor's own where that may; else the one of emergencies, for whoever has a chart open by break-glass.</summary>
    private static ClinicRole? RoleFor(Actor actor, Permission permission)
    {
        if (actor.Scopes?.Contains(permission) == false) return null;
        if (Rights.Allows(actor.Role, permission)) return actor.Role;
        return actor.Emergencies.Count > 0 && Rights.Allows(ClinicRole.Emergency, permission) ? ClinicRole.Emergency : null;
    }
}

/// <summary>What a clinic transaction was opened for.</summary>
internal sealed record ClinicScope(Actor Actor, Permission Permission, OutboxBell Bell, AuditStamp Stamp, TimeProvider Clock)
{
    /// <summary>Keys that this node has unwrapped a short while ago.</summary>
    public required KeyRing Ring { get; init; }

    /// <summary>The database role of the transaction.</summary>
    public required ClinicRole Role { get; init; }

    /// <summary>Role, path and person, for exactly one transaction. All names are made from keys, so nothing can be injected.</summary>
    public void QueueSettings(SqlPipe pipe)
    {
        pipe.Queue("begin");
        pipe.QueueClinic(Actor.Clinic, Role);
        pipe.QueueBuiltUnsafe($"set local app.person_id = '{Actor.Person.Value:D}'");
        if (Permission == Permission.ExportData) pipe.QueueBuiltUnsafe("set local app.whole_clinic = 'on'");   // an export that left out restricted charts would be no export
        if (Permission == Permission.ManageKeys && Role == ClinicRole.System) pipe.QueueBuiltUnsafe("set local app.rotates_keys = 'on'");   // what only its author reads is sealed anew too
        if (Actor.Emergencies.Count > 0) pipe.QueueBuiltUnsafe($"set local app.now = '{Clock.GetUtcNow():O}'");   // what is opened by break-glass is open at this time, or is not
    }
}

/// <summary>The chart is restricted, and the actor is neither of its care team nor has broken the glass. Answered as <c>charts.restricted</c>.</summary>
public sealed class ChartShutException(PatientId patient) : Exception("The chart is restricted to its care team.")
{
    /// <summary>Whose.</summary>
    public PatientId Patient { get; } = patient;
}

/// <summary>The role lacks the permission. Answered as 403; reaching it means that a route declared less than its handler needs.</summary>
public sealed class ForbiddenException(Permission permission) : Exception($"The role lacks the permission {permission}.");
