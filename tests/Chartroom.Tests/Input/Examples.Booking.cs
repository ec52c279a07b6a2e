using System.Globalization;
using System.Text.Json.Nodes;
using Chartroom.Platform.Outbox;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private int held;

    /// <summary>The public doors of booking, each come to by the steps before it.</summary>
    private IEnumerable<Example> OfBooking() =>
    [
        OfPage("holds", async () => await HoldBodyAsync()),
        OfPage("holds/look-up", async () => Token(await HeldAsync())), OfPage("holds/release", async () => Token(await HeldAsync())),
        OfPage("holds/details", async () => Detailed(await HeldAsync(), $"a{Guid.CreateVersion7():N}@example.com")),
        OfPage("holds/code", async () => Token((await AskedAsync()).Token)),
        OfPage("holds/book", async () =>
        {
            var (token, email) = await AskedAsync();
            return new() { ["token"] = token, ["code"] = await CodeOfAsync(email) };
        }),
        OfPage("visits/prove", async () => new() { ["token"] = await LinkedAsync(), ["birthDate"] = "1980-03-04" }),
        OfPage("visits/look-up", ProvedAsync), OfPage("visits/confirm", ProvedAsync), OfPage("visits/calendar", ProvedAsync),
        OfPage("visits/cancel", async () => With(await ProvedAsync(), "reason", "cannot_come")),
        OfPage("visits/undo-cancel", async () =>
        {
            var proved = await ProvedAsync();
            await PageAsync("visits/cancel", With(proved.DeepClone().AsObject(), "reason", "cannot_come"));
            return proved;
        }),
        OfPage("visits/times", async () => With(await ProvedAsync(), "from", "2026-05-25")),
        OfPage("visits/move", async () => With(await ProvedAsync(), "time", await NextTimeAsync())),
    ];

    private IEnumerable<Example> ActsOfRequests() => [OfRequest("accept"), OfRequest("decline"), OfRequest("seen")];

    private Example OfRequest(string act) => new("POST", $"/api/v1/booking-requests/{{id}}/{act}", ClinicRole.FrontDesk, true, async () =>
    {
        var (token, email) = await AskedAsync(act == "seen" ? "book" : "request");
        await PageAsync("holds/book", new() { ["token"] = token, ["code"] = await CodeOfAsync(email) });
        var (booking, version) = await Clinic.OneAsync<(Guid,
            int)>("select online_booking.id, appointment.version from online_booking join appointment on appointment.id = appointment_id order by online_booking.id desc limit 1");
        return new($"/api/v1/booking-requests/{booking}/{act}", [], version);
    });

    private Example OfPage(string act, Func<Task<JsonObject>> bodyAsync) =>
        new("POST", $"/api/v1/booking/{{slug}}/{act}", null, true, async () => new($"{BookingPage}/{act}", await bodyAsync()));

    private string BookingPage => $"/api/v1/booking/t-{Clinic.Id.Value:N}";

    private async Task<JsonObject> PageAsync(string act, JsonObject body)
    {
        var (status, text) = await SendAsync(new("POST", act, null, true, () => throw new NotSupportedException()), new($"{BookingPage}/{act}", body));
        Assert.True(status < 300, $"{act}: {status} {text}");
        return text.Length > 0 ? Json(text) : [];
    }

    private static JsonObject Token(string token) => new() { ["token"] = token };

    private static JsonObject With(JsonObject body, string name, string value)
    {
        body[name] = value;
        return body;
    }

    /// <summary>A time of the page that nobody has asked for yet.</summary>
    private async Task<string> NextTimeAsync()
    {
        while (true)
        {
            var number = held++;
            var at = new DateTimeOffset(2026, 4, 1, 13, 0, 0, TimeSpan.Zero).AddDays(number / 14).AddMinutes(number % 14 * 30);
            if (await Clinic.OneAsync<bool>($"select exists (select from {Clinic.Schema}.appointment where starts_at < @until and ends_at > @from)", new { from = at, until = at.AddMinutes(30) })) continue;
            return at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Opens the page, and forgets which network held what before: its limits have tests of their own.</summary>
    private async Task<JsonObject> HoldBodyAsync(string mode = "book")
    {
        await Clinic.RunAsync([$"set search_path = {Clinic.Schema}",
            "update scheduling_rules set is_online = true, lead_minutes = 60, horizon_days = 90, most_upcoming = 3 where not is_online or horizon_days <> 90",
            "update online_booking set network = network + 1 + (random() * 1000000000000)::bigint, held_until = created_at, created_at = created_at - interval '2 hours' where created_at > @now::timestamptz - interval '1 hour'",
            """
            insert into online_offer (visit_type_id, provider_id, patient_kind, mode) values (@type, @provider, 'new', @mode)
            on conflict on constraint online_offer_pkey do update set mode = excluded.mode where online_offer.mode <> excluded.mode
            """], new { type = desk.Scheduling.VisitType.Value, provider = desk.Provider.Value, mode, now = Clinic.Clock.GetUtcNow() });
        return new() { ["kind"] = "new", ["type"] = $"{desk.Scheduling.VisitType}", ["at"] = $"{desk.Scheduling.Location}", ["time"] = await NextTimeAsync(), ["with"] = $"{desk.Provider}" };
    }

    /// <summary>The token of a time that is held, by somebody who takes as long as people do.</summary>
    private async Task<string> HeldAsync(string mode = "book")
    {
        var token = (string)(await PageAsync("holds", await HoldBodyAsync(mode)))["token"]!;
        await Clinic.RunAsync([$"update {Clinic.Schema}.online_booking set created_at = created_at - interval '1 minute' where state = 'held'"]);
        return token;
    }

    private static JsonObject Detailed(string token, string email) => Json($$"""
        {"token":"{{token}}","details":{"given":"Mara","family":"Quill","birthDate":"1980-03-04","phone":"(603) 555-0111","email":"{{email}}","consent":true,"reason":"Cough","website":null} }
        """);

    private async Task<(string Token, string Email)> AskedAsync(string mode = "book")
    {
        var (token, email) = (await HeldAsync(mode), $"a{Guid.CreateVersion7():N}@example.com");
        await PageAsync("holds/details", Detailed(token, email));
        return (token, email);
    }

    /// <summary>The token of the link to a visit that was booked online.</summary>
    private async Task<string> LinkedAsync()
    {
        var (token, email) = await AskedAsync();
        await PageAsync("holds/book", new() { ["token"] = token, ["code"] = await CodeOfAsync(email) });
        return (await MailedAsync(email)).Split('\n').Select(line => line.Trim()).Single(line => line.Contains("/visit/", StringComparison.Ordinal)).Split("/visit/")[1];
    }

    private async Task<JsonObject> ProvedAsync()
    {
        var token = await LinkedAsync();
        return new() { ["token"] = token, ["pass"] = (string)(await PageAsync("visits/prove", new() { ["token"] = token, ["birthDate"] = "1980-03-04" }))["pass"]! };
    }

    private async Task<string> CodeOfAsync(string email) => string.Concat((await MailedAsync(email)).SkipWhile(sign => !char.IsAsciiDigit(sign)).TakeWhile(char.IsAsciiDigit));

    /// <summary>What the clinic wrote to an address last.</summary>
    private async Task<string> MailedAsync(string email)
    {
        await using var tx = await Clinic.The<Platform.Tenancy.TenantDb>().BeginAsync(Clinic.Actor(ClinicRole.System), Permission.SeeClinic, default);
        var rows = await tx.QueryAsync<Mailed>("select id, content from outbox order by id desc limit 20", null, default);
        tx.Audit(new("mails.read", "outbox"));
        await tx.CommitAsync(default);
        return rows.Select(row => tx.OpenForClinic<OutboxMessage>(row.Content, new("outbox", "content", row.Id))).First(mail => mail.Recipient == email).Body;
    }

    private sealed record Mailed(Guid Id, byte[] Content);
}
