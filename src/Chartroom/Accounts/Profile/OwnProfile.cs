using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>What a person changes of themselves.</summary>
public sealed record EditProfile(string Name);

/// <summary>What colleagues see of a person.</summary>
/// <param name="Email">Address they sign in with.</param>
/// <param name="Photo">Path of the photo, or null without one.</param>
public sealed record OwnProfile(string Name, string Email, string? Photo);

/// <summary>A person's own name and photo (ACC-9). The name they have at a clinic, on its calendar and notes, is the clinic's to set.</summary>
internal sealed class OwnProfileHandler(PlatformDb db)
{
    /// <summary>Refuses <c>accounts.incomplete</c>.</summary>
    public async Task<Outcome<Done>> NameAsync(EditProfile ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        var name = ask.Name?.Trim() ?? "";
        if (name.Length is 0 or > 200 || name.Any(char.IsControl)) return Refusals.Incomplete.On("name", "Give your name, at most 200 characters.");
        await using var tx = await db.BeginAsync(origin, ct);
        await tx.ExecuteAsync("update platform.person set name = @name where id = @person", new { person = who.PersonId, name }, ct);
        tx.Audit(new Access("profile.changed", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Refuses as <see cref="PhotoMaker.MakeAsync"/> does.</summary>
    public async Task<Outcome<Done>> GiveAsync(byte[] file, SignedIn who, Origin origin, CancellationToken ct)
    {
        var made = await PhotoMaker.MakeAsync(file, ct);
        if (!made.IsOk) return made.Refusal;
        await using var tx = await db.BeginAsync(origin, ct);
        await tx.ExecuteAsync("""
            insert into platform.person_photo (person_id, image, changed_at) values (@person, @image, @now)
            on conflict on constraint person_photo_pkey do update set image = excluded.image, changed_at = excluded.changed_at
            """, new { person = who.PersonId, image = made.Value, now = tx.Now }, ct);
        tx.Audit(new Access("photo.changed", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>One that is gone already is what was wanted.</summary>
    public async Task RemoveAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        await tx.ExecuteAsync("delete from platform.person_photo where person_id = @person", new { person = who.PersonId }, ct);
        tx.Audit(new Access("photo.removed", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
    }

    /// <summary>A person's own, or that of somebody who works at the clinic they are at. Refuses <c>accounts.no-such-photo</c>, alike for whoever has none and whoever does not exist.</summary>
    public async Task<Outcome<byte[]>> SeeAsync(PersonId person, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var image = await tx.QueryOneOrNoneAsync<byte[]>("""
            select person_photo.image
            from platform.person_photo
            where person_photo.person_id = @person and (person_photo.person_id = @me or exists (
                select from platform.membership theirs join platform.membership mine on mine.clinic_id = theirs.clinic_id and mine.person_id = @me and mine.ended_at is null
                where theirs.person_id = person_photo.person_id and theirs.clinic_id = @clinic and theirs.ended_at is null))
            """, new { person, me = who.PersonId, clinic = who.ClinicId }, ct);
        return image is null ? Refusals.NoSuchPhoto : image;
    }
}
