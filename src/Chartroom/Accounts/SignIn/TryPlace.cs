using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>Where somebody tries a password or a code: what wrong ones are counted by. A browser that the person has signed in with, and a session that is open, count by
/// themselves, so that nobody elsewhere takes their tries; everything else counts by network, and all of that together.</summary>
/// <param name="Name">As the tables of counts have it.</param>
/// <param name="KnownTo">Whose the browser is, when somebody has signed in with it.</param>
/// <param name="IsKnown">False where the person was never let in before.</param>
internal sealed record TryPlace(string Name, PersonId? KnownTo, bool IsKnown)
{
    /// <summary>Wrong tries in a row from all unknown places together before none is looked at there, and at one known browser before it is known no longer.
    /// NIST SP 800-63B-4, 3.2.2, allows no more than a hundred.</summary>
    internal const int Most = 100;

    internal static async Task<TryPlace> OfPersonAsync(PlatformTx tx, SignedIn who, Origin origin, CancellationToken ct)
    {
        var known = await tx.QueryAsync<PersonId>("select person_id from platform.known_device where person_id = @person and device_id = @device",
            new { person = who.PersonId, device = origin.DeviceId }, ct);
        return Of(known, who, origin);
    }

    /// <summary>By an address, of which nobody knows yet whether somebody has it: the same question for all, which finds nothing where nobody has.</summary>
    internal static async Task<TryPlace> OfAddressAsync(PlatformTx tx, string email, SignedIn? who, Origin origin, CancellationToken ct)
    {
        var known = await tx.QueryAsync<PersonId>("""
            select person.id
            from platform.person
            join platform.known_device on known_device.person_id = person.id and known_device.device_id = @device
            where lower(person.email) = @email and person.state = 'active'
            """, new { email, device = origin.DeviceId }, ct);
        return Of(known, who, origin);
    }

    /// <summary>After a hundred wrong ones in a row at a known browser: whoever sits there is not its person.</summary>
    internal async Task ForgetDeviceAsync(PlatformTx tx, Origin origin, CancellationToken ct)
    {
        if (KnownTo is { } person)
            await tx.ExecuteUnauditedAsync("delete from platform.known_device where person_id = @person and device_id = @device", new { person, device = origin.DeviceId }, ct);
    }

    private static TryPlace Of(List<PersonId> known, SignedIn? who, Origin origin)
    {
        if (known is [var person]) return new($"device {origin.DeviceId}", person, IsKnown: true);
        return who?.StageNow() == SessionStage.Open ? new($"session {who.SessionId}", null, IsKnown: true) : new(ClientNetwork.Of(origin.Ip), null, IsKnown: false);
    }
}
