using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chartroom.OnlineBooking;

public sealed class BookingApiTests
{
    private const string Email = "ana@mail.example";

    [Fact]
    public async Task SCH_3_A_program_books_moves_cancels_and_takes_back_by_the_same_rules_as_the_page()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var times = await GetAsync(online, "times?kind=new&from=2026-03-05");
        var ten = times["times"]!.AsArray().Select(time => (string)time!).Single(time => time == "2026-03-05T10:00:00-05:00");
        var held = await PostAsync(online, "holds", new { kind = "new", type = times["type"], at = times["at"], time = ten });
        Assert.Equal(201, held.Status);
        var token = (string)held.Body["token"]!;
        Assert.Equal((409, "online-booking.time-taken"), CodeOf(await PostAsync(online, "holds", new { kind = "new", type = times["type"], at = times["at"], time = ten })));

        Assert.Equal((422, "online-booking.too-fast"), CodeOf(await PostAsync(online, "holds/details", new { token, details = Ana })));
        online.Clinic.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(202, (await PostAsync(online, "holds/details", new { token, details = Ana })).Status);
        Assert.Equal((422, "online-booking.wrong-code"), CodeOf(await PostAsync(online, "holds/book", new { token, code = "x" })));
        Assert.Equal(202, (await PostAsync(online, "holds/code", new { token })).Status);
        var booked = await PostAsync(online, "holds/book", new { token, code = await online.CodeAsync(Email) });
        Assert.Equal((200, "done", "2026-03-05T10:00:00-05:00"), (booked.Status, (string)booked.Body["state"]!, (string)booked.Body["startsAt"]!));

        await ManageAsync(online, (await online.LinkAsync(Email))["/visit/".Length..]);
        Assert.Equal(("booked", "2026-03-05 11:00:00"), await online.Clinic.OneAsync<(string, string)>("select status, local_start::text from appointment where patient_id is not null"));
    }

    private static async Task ManageAsync(OnlineDesk online, string token)
    {
        Assert.Equal((403, "online-booking.proof-needed"), CodeOf(await PostAsync(online, "visits/look-up", new { token, pass = "no" })));
        Assert.Equal((422, "online-booking.wrong-birth-date"), CodeOf(await PostAsync(online, "visits/prove", new { token, birthDate = "1980-03-05" })));
        var pass = (string)(await PostAsync(online, "visits/prove", new { token, birthDate = "1980-03-04" })).Body["pass"]!;
        Assert.Equal("confirmed", (string)(await PostAsync(online, "visits/confirm", new { token, pass })).Body["status"]!);
        var choices = await PostAsync(online, "visits/times", new { token, pass, from = "2026-03-05" });
        var eleven = choices.Body["times"]!.AsArray().Select(time => (string)time!).Single(time => time == "2026-03-05T11:00:00-05:00");
        Assert.Equal(eleven, (string)(await PostAsync(online, "visits/move", new { token, pass, time = eleven })).Body["startsAt"]!);
        Assert.Equal(422, (await PostAsync(online, "visits/cancel", new { token, pass, reason = "aliens" })).Status);
        var reason = (string)(await PostAsync(online, "visits/look-up", new { token, pass })).Body["reasons"]![0]!["code"]!;
        var cancelled = await PostAsync(online, "visits/cancel", new { token, pass, reason });
        Assert.Equal("cancelled", (string)cancelled.Body["status"]!);
        var restored = await PostAsync(online, "visits/undo-cancel", new { token, pass });
        Assert.Equal((200, "booked"), (restored.Status, (string)restored.Body["status"]!));
        Assert.DoesNotMatch("Ana|Vega|1980|rash", restored.Body.ToJsonString());
        using var client = online.Clinic.Anonymous();
        using var file = await client.PostAsJsonAsync($"/api/v1/booking/{online.Slug}/visits/calendar", new { token, pass });
        Assert.Equal(("text/calendar", true), (file.Content.Headers.ContentType?.MediaType, (await file.Content.ReadAsStringAsync()).Contains("DTSTART:20260305T160000Z", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_time_is_given_back_and_a_link_works_at_its_own_clinic_only()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await using var other = await OnlineDesk.OpenAsync();
        var hold = new { kind = "new", type = online.Desk.VisitType.ToString(), at = online.Desk.Location.ToString(), time = "2026-03-05T15:00:00Z" };
        var token = (string)(await PostAsync(online, "holds", hold)).Body["token"]!;
        Assert.Equal(("held", 300), ((await PostAsync(online, "holds/look-up", new { token })).Body is var shown ? (string)shown["state"]! : "", (int)shown["secondsLeft"]!));
        Assert.Equal(410, (await PostAsync(other, "holds/look-up", new { token })).Status);
        Assert.Equal(204, (await PostAsync(online, "holds/release", new { token })).Status);
        Assert.Equal(201, (await PostAsync(online, "holds", hold)).Status);

        await online.BookAsync(online.Browser(), "2026-03-05T16:00:00Z", OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email));
        var link = (await online.LinkAsync(Email))["/visit/".Length..];
        var (unknown, elsewhere) = (await PostAsync(online, "visits/prove", new { token = "x", birthDate = "1980-03-04" }), await PostAsync(other, "visits/prove", new { token = link, birthDate = "1980-03-04" }));
        Assert.Equal((410, "online-booking.bad-link"), CodeOf(unknown));
        Assert.Equal(CodeOf(unknown), CodeOf(elsewhere));
        Assert.Equal(0, await online.Clinic.OneAsync<int>("select tries from visit_link"));
        await online.RunAsync("update scheduling_rules set is_online = false");
        Assert.Equal(404, (await PostAsync(online, "holds", hold)).Status);
    }

    private static readonly object Ana = new { given = "Ana", family = "Vega", birthDate = "1980-03-04", phone = "303 555 0123", email = Email, consent = true, reason = "rash" };

    private static (int, string?) CodeOf((int Status, JsonNode Body) answer) => (answer.Status, (string?)answer.Body["code"]);

    private static async Task<JsonNode> GetAsync(OnlineDesk online, string path) =>
        JsonNode.Parse(await online.Clinic.Anonymous().GetStringAsync($"/api/v1/booking/{online.Slug}/{path}"))!;

    private static async Task<(int Status, JsonNode Body)> PostAsync(OnlineDesk online, string path, object body)
    {
        using var client = online.Clinic.Anonymous();
        using var answer = await client.PostAsJsonAsync($"/api/v1/booking/{online.Slug}/{path}", body, JsonSerializerOptions.Web);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }
}
