using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Keeps what a person chose.</summary>
internal sealed class ChangeLookHandler(TenantDb db)
{
    public Task<Outcome<CalendarLook>> HandleAsync(ChangeLook ask, Actor actor, CancellationToken ct) => KeepAsync(look => look.With(ask), actor, ct);

    /// <summary>Another place, or all; the rest stays.</summary>
    public Task<Outcome<CalendarLook>> PlaceAsync(LocationId? location, Actor actor, CancellationToken ct) => KeepAsync(look => look with { LocationId = location }, actor, ct);

    private async Task<Outcome<CalendarLook>> KeepAsync(Func<CalendarLook, CalendarLook> change, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var look = change(await FindAsync(tx, ct));
        if (await tx.ExecuteAsync(Upsert, Row(look, actor), ct) == 0) return Refusals.UnknownLocation;
        tx.Audit(new Access("calendar.look-changed", "calendar_look", actor.Person.Value));
        await tx.CommitAsync(ct);
        return look;
    }

    /// <summary>What the person chose, or how the calendar is before anybody chose anything.</summary>
    public static async Task<CalendarLook> FindAsync(ClinicTx tx, CancellationToken ct) =>
        (await tx.QueryOneOrNoneAsync<LookRow>(Select, new { tx.Actor.Person }, ct))?.ToLook() ?? new();

    private static object Row(CalendarLook look, Actor actor) => new
    {
        actor.Person, look.View, look.Columns, look.Density, look.Zoom, look.Colour, look.ShowsClosed, look.LocationId, look.ProviderId, look.Hidden,
    };

    private sealed record LookRow
    {
        public string View { get; init; } = "";
        public string Columns { get; init; } = "";
        public string Density { get; init; } = "";
        public int Zoom { get; init; }
        public string Colour { get; init; } = "";
        public bool ShowsClosed { get; init; }
        public LocationId? LocationId { get; init; }
        public StaffId? ProviderId { get; init; }
        public Guid[] Hidden { get; init; } = [];
        public string[] Keys { get; init; } = [];

        public CalendarLook ToLook() => new()
        {
            View = Enum.Parse<CalendarSpan>(View, ignoreCase: true), Columns = Enum.Parse<CalendarColumns>(Columns, ignoreCase: true),
            Density = Enum.Parse<CalendarDensity>(Density, ignoreCase: true), Zoom = Zoom, Colour = Enum.Parse<CalendarColour>(Colour, ignoreCase: true),
            ShowsClosed = ShowsClosed, LocationId = LocationId, ProviderId = ProviderId, Hidden = Hidden, Keys = DeskKeys.Of(Keys),
        };
    }

    private const string Select = """
        select view, columns, density, zoom, colour, shows_closed, location_id, provider_id, hidden, keys
        from calendar_look
        where person_id = @person
        """;

    private const string Upsert = """
        insert into calendar_look (person_id, view, columns, density, zoom, colour, shows_closed, location_id, provider_id, hidden)
        select @person, @view, @columns, @density, @zoom, @colour, @showsClosed, @locationId::uuid, @providerId::uuid, @hidden
        where (@locationId::uuid is null or exists (select from location where id = @locationId)) and (@providerId::uuid is null or exists (select from staff where id = @providerId))
        on conflict (person_id) do update
        set view = excluded.view, columns = excluded.columns, density = excluded.density, zoom = excluded.zoom, colour = excluded.colour,
            shows_closed = excluded.shows_closed, location_id = excluded.location_id, provider_id = excluded.provider_id, hidden = excluded.hidden
        """;
}
