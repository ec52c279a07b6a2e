using System.Net;
using Npgsql;

namespace Chartroom.Scheduling;

public sealed class ChangeKeysTests
{
    [Fact]
    public async Task A_persons_keys_are_theirs_alone_on_calendar_and_board_until_the_standard_ones_are_asked_for_again()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var client = desk.FrontDesk;
        using var other = desk.Clinic.As(ClinicRole.Provider);

        // Two keys change places, and today goes to a key of its own.
        using var saved = await SendAsync(client, "one", ("desk.arrive", "r"), ("desk.room", "a"), ("calendar.today", "g"), ("calendar.before", "["), ("board.wall", "F2"));
        Assert.Equal((HttpStatusCode.SeeOther, "/day/keys?done=saved"), (saved.StatusCode, saved.Headers.Location?.ToString()));
        var (day, board) = (await client.GetStringAsync("/day"), await client.GetStringAsync("/board"));
        Assert.Contains("data-listed-key=\"r\" data-key-text=\"On a visit: arrive\" data-visit-key=\"arrived\"", day, StringComparison.Ordinal);
        Assert.Contains("data-listed-key=\"r\" data-key-text=\"On a visit: arrive\" data-visit-key=\"arrived\"", board, StringComparison.Ordinal);
        Assert.Contains("data-listed-key=\"a\" data-key-text=\"On a visit: to a room\" data-visit-key=\"roomed\"", board, StringComparison.Ordinal);
        Assert.Contains("data-key=\"g\" data-key-text=\"Today\" aria-keyshortcuts=\"g\" title=\"Today (g)\"", day, StringComparison.Ordinal);
        Assert.DoesNotContain("data-key=\"t\"", day, StringComparison.Ordinal);   // nor does the header answer to it there
        Assert.Contains("data-key=\"[\" data-key-text=\"The day before\"", day, StringComparison.Ordinal);
        Assert.Contains("data-key=\"F2\"", board, StringComparison.Ordinal);
        Assert.Contains("data-listed-key=\"a\" data-key-text=\"On a visit: arrive\"", await other.GetStringAsync("/day"), StringComparison.Ordinal);

        using var look = await client.PostAsync("/day/look", Fields("two", ("zoom", "30")));   // another choice leaves them alone
        Assert.Contains("value=\"g\"", await client.GetStringAsync("/day/keys"), StringComparison.Ordinal);
        using var reset = await client.PostAsync("/day/keys/standard", Fields("three"));
        Assert.Equal("/day/keys?done=standard", reset.Headers.Location?.ToString());
        Assert.Contains("data-key=\"t\" data-key-text=\"Today\"", await client.GetStringAsync("/day"), StringComparison.Ordinal);
        Assert.Equal(["30 0"], await desk.Clinic.RowsAsync<string>("select zoom || ' ' || cardinality(keys) from calendar_look"));
    }

    [Theory]
    [InlineData("desk.arrive", "n", "scheduling.key-taken")]         // in the same place
    [InlineData("board.start", "a", "scheduling.key-taken")]         // what is of the desk holds on the board too
    [InlineData("desk.new", "x", "scheduling.key-taken")]            // and is in the way of both
    [InlineData("calendar.month", "?", "scheduling.key-of-program")]
    [InlineData("calendar.month", "/", "scheduling.key-of-program")]
    [InlineData("calendar.month", "Escape", "scheduling.key-of-program")]
    [InlineData("board.start", "t", "scheduling.key-of-program")]    // the header's
    [InlineData("desk.arrive", "←", "scheduling.key-of-program")]
    [InlineData("calendar.month", "F5", "scheduling.key-of-browser")]
    [InlineData("calendar.month", "Tab", "scheduling.key-of-browser")]
    [InlineData("calendar.month", "Ctrl+W", "scheduling.key-of-browser")]
    [InlineData("calendar.month", "", "scheduling.not-a-key")]
    [InlineData("calendar.month", "mm", "scheduling.not-a-key")]
    [InlineData("calendar.month", "é", "scheduling.not-a-key")]
    [InlineData("calendar.dance", "y", "scheduling.incomplete")]
    [InlineData("board.complete", "c", null)]                        // the calendar's key, which the board does not know
    [InlineData("calendar.cancel", "X", null)]                       // Shift makes another key of it
    [InlineData("calendar.today", "→", "scheduling.key-of-program")]
    [InlineData("calendar.before", "+", null)]
    public void A_key_is_refused_where_something_else_needs_it(string act, string key, string? code)
    {
        var chosen = KeyRules.Choose(DeskKeys.Standard, new([new(act, key)]));

        Assert.Equal(code, chosen.Refusal?.Code);
        Assert.True(chosen.Refusal is null or { Code: "scheduling.incomplete" } || chosen.Refusal.Errors.ContainsKey("keys[0].key"));
    }

    [Fact]
    public async Task What_is_refused_comes_back_as_it_was_typed_with_a_word_on_each_field_and_leaves_no_trace()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var client = desk.FrontDesk;

        using var refused = await SendAsync(client, "one", ("desk.arrive", "y"), ("desk.room", "y"), ("calendar.today", "g"));
        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("On a visit: arrive: this key does something else there: On a visit: to a room.", page, StringComparison.Ordinal);
        Assert.Contains("On a visit: to a room: this key does something else there: On a visit: arrive.", page, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from calendar_look"));
        foreach (var (keys, constraint) in new[]
        {
            ("'calendar.today=tt'", "calendar_look_keys_form"), ("'calendar.today=?'", "calendar_look_keys_form"), ("'today=t'", "calendar_look_keys_form"), ("'calendar.day=d board.up=k'", null),
            ("null", "calendar_look_keys_form"), ("''", "calendar_look_keys_form"), ("'calendar.day=d', 'calendar.day=e'", "calendar_look_keys_act_once"),
            ("'board.up=k', 'board.down=k'", "calendar_look_keys_once"), ("'desk.new=k', 'board.up=k'", "calendar_look_keys_of_desk"), ("'board.up=k', 'board.down=j', 'desk.new=k'", "calendar_look_keys_of_desk"),
            ("'calendar.cancel=x', 'board.complete=x', 'calendar.before==', 'board.up=.'", null), ("'calendar.a=.', 'calendar.b=x'", null),
        })
        {
            var kept = await Record.ExceptionAsync(() => desk.Clinic.RowsAsync<int>($"insert into calendar_look (person_id, keys) values (gen_random_uuid(), array[{keys}]::text[])"));
            Assert.Equal((keys, constraint), (keys, (kept as PostgresException)?.ConstraintName));
        }
    }

    [Fact]
    public void An_act_that_comes_later_has_its_standard_key_unless_the_person_uses_that_one()
    {
        var keys = DeskKeys.Of(["calendar.today=j", "desk.new=s", "calendar.gone=z"]);

        Assert.Equal(("j", "j", null, "a"), (keys[DeskAct.Today], keys[DeskAct.Down], keys[DeskAct.Start], keys[DeskAct.Arrive]));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string key, params (string Act, string Key)[] chosen) =>
        client.PostAsync("/day/keys", Fields(key, [.. chosen.SelectMany((it, number) => new[] { ($"keys[{number}].act", it.Act), ($"keys[{number}].key", it.Key) })]));

    private static FormUrlEncodedContent Fields(string key, params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(KeyValuePair.Create("idempotency_key", $"keys-{key}")));
}
