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
        if (!Rights.Allows(actor.Role, permission)) throw new ForbiddenException(permission);
        var clinicKeys = await keys.OfAsync(actor.Clinic, logins, ct);
        return new ClinicTx(logins, await logins.OpenAsync(ct), clinicKeys, new(actor, permission, bell, stamp, clock) { Ring = keys });
    }
}

/// <summary>What a clinic transaction was opened for.</summary>
internal sealed record ClinicScope(Actor Actor, Permission Permission, OutboxBell Bell, AuditStamp Stamp, TimeProvider Clock)
{
    /// <summary>Keys that this node has unwrapped a short while ago.</summary>
    public required KeyRing Ring { get; init; }

    /// <summary>Role, path and person, for exactly one transaction. All names are made from keys, so nothing can be injected.</summary>
    public void QueueSettings(SqlPipe pipe)
    {
        pipe.Queue("begin");
        pipe.QueueClinic(Actor.Clinic, Actor.Role);
        pipe.QueueBuiltUnsafe($"set local app.person_id = '{Actor.Person.Value:D}'");
    }
}

/// <summary>The role lacks the permission. Answered as 403; reaching it means that a route declared less than its handler needs.</summary>
public sealed class ForbiddenException(Permission permission) : Exception($"The role lacks the permission {permission}.");
