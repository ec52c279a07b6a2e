using System.Globalization;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Chartroom.OutsideCalendars;

/// <summary>A provider's feed as its page tells it; never its address again.</summary>
public sealed record FeedFacts(DateTimeOffset MadeAt, DateTimeOffset? LastReadAt);

/// <summary>A calendar as it is sent.</summary>
public sealed record FeedText(string ETag, string? Text);

/// <summary>Makes, ends and answers the secret addresses. What is sent holds times, places and nothing of any patient.</summary>
internal sealed class FeedBook(TenantDb db, PlatformDb platform)
{
    internal const string Read = "calendar_feed.read", Made = "calendar_feed.made", Ended = "calendar_feed.ended", Listed = "calendar_feed.listed";

    /// <summary>Makes a new secret address and ends the one before. The answer is the only time it is seen: clinic and secret, as the path has them.</summary>
    public async Task<Outcome<string>> MakeAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Role is not (ClinicRole.Provider or ClinicRole.Admin)) return Refusals.ProvidersOnly;
        var (id, secret) = (Guid.CreateVersion7(), SecretToken.New());
        await using var tx = await db.BeginAsync(actor, Permission.OwnAccount, ct);
        tx.Queue(End, new { me = actor.Staff, tx.Now });
        tx.Queue("insert into calendar_feed (id, staff_id, token_hash, made_at) values (@id, @me, @hash, @now)", new { id, me = actor.Staff, hash = SecretToken.HashOf(secret), tx.Now });
        tx.Audit(new(Made, "calendar_feed", id));
        await tx.CommitAsync(ct);
        return $"{actor.Clinic.Value:N}-{secret}";
    }

    public async Task<Outcome<Done>> EndAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Role is not (ClinicRole.Provider or ClinicRole.Admin)) return Refusals.ProvidersOnly;
        await using var tx = await db.BeginAsync(actor, Permission.OwnAccount, ct);
        tx.Queue(End, new { me = actor.Staff, tx.Now });
        tx.Audit(new(Ended, "calendar_feed"));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>The calendar behind an address; without its text when the asker has that version already. All that is wrong with an address is answered alike.</summary>
    public async Task<Outcome<FeedText>> AnswerAsync(string address, string? seen, Origin origin, CancellationToken ct)
    {
        if (address.Length is < 60 or > 100 || address[32] != '-' || !Guid.TryParseExact(address[..32], "N", out var clinic) || !await IsClinicAsync(new(clinic), origin, ct)) return Refusals.NoSuchFeed;
        await using var tx = await db.BeginAsync(Actor.OfSystem(new(clinic)) with { Origin = origin }, Permission.SeeAppointments, ct);
        var feed = await tx.QueryOneOrNoneAsync<FeedRow>(SelectFeed, new { hash = SecretToken.HashOf(address[33..]) }, ct);
        if (feed is null) return Refusals.NoSuchFeed;
        var (from, to) = (tx.Now.AddDays(-30), tx.Now.AddDays(180));
        var rows = await tx.QueryAsync<FeedVisit>(SelectVisits, new { feed.StaffId, from, to }, ct);
        tx.Audit(new(Read, "calendar_feed", feed.Id));
        if (feed.LastReadAt is not { } last || tx.Now - last > TimeSpan.FromHours(1)) tx.Queue("update calendar_feed set last_read_at = @now where id = @id", new { feed.Id, tx.Now });
        await tx.CommitAsync(ct);
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{tx.Now:yyyyMMdd}-{rows.Count}-{rows.Select(row => row.UpdatedAt.UtcTicks).DefaultIfEmpty().Max():x}\"");
        return new FeedText(tag, seen == tag ? null : TextOf(rows));
    }

    /// <summary>Times in UTC; the UID is the visit's own id and stays, SEQUENCE is its version, so that a program knows what is newer (RFC 5545, 3.8.7.4).</summary>
    internal static string TextOf(IEnumerable<FeedVisit> visits)
    {
        var calendar = new Ical.Net.Calendar { ProductId = "-//Chartroom//Visits//EN" };
        calendar.AddProperty("X-WR-CALNAME", "Visits");
        foreach (var visit in visits)
        {
            calendar.Events.Add(new CalendarEvent
            {
                Uid = $"{visit.Id}@chartroom", DtStamp = new CalDateTime(visit.UpdatedAt.UtcDateTime, "UTC"), Start = new CalDateTime(visit.StartsAt.UtcDateTime, "UTC"),
                End = new CalDateTime(visit.EndsAt.UtcDateTime, "UTC"), Summary = "Visit", Location = visit.LocationName, Sequence = visit.Version,
                Status = visit.Status switch { "cancelled" or "no_show" or "left_without_being_seen" => "CANCELLED", "requested" => "TENTATIVE", _ => "CONFIRMED" },
            });
        }
        return new CalendarSerializer().SerializeToString(calendar) ?? throw new InvalidOperationException("The calendar could not be written.");
    }

    private async Task<bool> IsClinicAsync(ClinicId clinic, Origin origin, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<bool>("select exists (select from platform.clinic where id = @clinic and state = 'active')", new { clinic }, ct);
    }

    private sealed record FeedRow
    {
        public Guid Id { get; init; }
        public StaffId StaffId { get; init; }
        public DateTimeOffset? LastReadAt { get; init; }
    }

    private const string End = "update calendar_feed set is_active = false, ended_at = @now where staff_id = @me and is_active";

    private const string SelectFeed = """
        select calendar_feed.id, calendar_feed.staff_id, calendar_feed.last_read_at
        from calendar_feed
        join staff on staff.id = calendar_feed.staff_id and staff.is_active
        where calendar_feed.token_hash = @hash and calendar_feed.is_active
        """;

    private const string SelectVisits = """
        select appointment.id, appointment.starts_at, appointment.ends_at, appointment.status, appointment.version, appointment.updated_at, location.name as location_name
        from appointment
        join location on location.id = appointment.location_id
        where appointment.provider_id = @staffId and appointment.starts_at >= @from and appointment.starts_at < @to and appointment.status <> 'held'
        order by appointment.starts_at, appointment.id
        """;
}

/// <summary>What of a visit leaves by the feed.</summary>
internal sealed record FeedVisit
{
    public AppointmentId Id { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public string Status { get; init; } = "";
    public int Version { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    public string LocationName { get; init; } = "";
}
