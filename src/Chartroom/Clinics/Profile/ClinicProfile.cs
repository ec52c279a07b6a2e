using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Clinics;

/// <summary>What is asked of the clinic itself.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="TimeZone">IANA zone; a location may have another.</param>
public sealed record ProfileFields(string Name, string Phone, string TimeZone);

/// <summary>The clinic as it calls itself.</summary>
public sealed record Profile
{
    /// <summary>Name of the practice.</summary>
    public required string Name { get; init; }
    /// <summary>Short name, for the command line.</summary>
    public required string Slug { get; init; }
    /// <summary>E.164.</summary>
    public string? Phone { get; init; }
    /// <summary>IANA zone.</summary>
    public required string TimeZone { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
}

/// <summary>Shows and changes it. It stands in <c>platform.clinic</c>, since signing in needs it before any clinic is chosen.</summary>
internal sealed class ClinicProfile(PlatformDb db)
{
    /// <summary>The profile.</summary>
    public async Task<Profile> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        var profile = await tx.QueryAsync<Profile>(
            "select name, slug, phone, time_zone, version from platform.clinic where id = @clinic", new { actor.Clinic }, ct);
        tx.Audit(new Access("clinic.read", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return profile.Single();
    }

    /// <summary>Refuses <c>clinics.incomplete</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(int version, ProfileFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        var changed = await tx.ExecuteAsync("""
            update platform.clinic
            set name = @name, phone = @phone, time_zone = @timeZone, version = version + 1
            where id = @clinic and version = @version
            """, new { actor.Clinic, version, ask.Name, phone = PhoneNumber.Read(ask.Phone)?.Value, ask.TimeZone }, ct);
        if (changed == 0)
        {
            var current = await tx.QueryAsync<int>("select version from platform.clinic where id = @clinic", new { actor.Clinic }, ct);
            return Versions.StaleAt(current.Single());
        }
        tx.Audit(new Access("clinic.changed", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal WhatIsWrong(ProfileFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Length is 0 or > 200) refusal = refusal.On("name", "Give the name of the practice, at most 200 characters.");
        if (PhoneNumber.Read(ask.Phone) is null) refusal = refusal.On("phone", "This is not a telephone number. It looks like (303) 555-0123.");
        if (!ClinicTime.IsZone(ask.TimeZone)) refusal = refusal.On("timeZone", "Choose a time zone of the list.");
        return refusal;
    }
}
