using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Notes with which browsers a person signs in. The first time of another one is mailed to them; the very first of all is no news, and programs have no browser.</summary>
internal static class KnownDevices
{
    internal static async Task NoteAsync(PlatformTx tx, SignedIn who, Guid device, Origin origin, CancellationToken ct)
    {
        if (origin.Door != "page") return;
        var others = await tx.QueryAsync<bool>("select exists (select from platform.known_device where person_id = @person)", new { person = who.PersonId }, ct);
        var isNew = await tx.ExecuteAsync("""
            insert into platform.known_device (person_id, device_id, last_seen_at)
            values (@person, @device, @now)
            on conflict do nothing
            """, new { person = who.PersonId, device, now = tx.Now }, ct) == 1;
        if (!isNew)
            await tx.ExecuteAsync("update platform.known_device set last_seen_at = @now where person_id = @person and device_id = @device", new { person = who.PersonId, device, now = tx.Now }, ct);
        else if (others.Single())
            tx.Enqueue(Mails.NewBrowser(who.Email, AgentWords.Of(origin.Agent), origin.Ip));
    }
}
