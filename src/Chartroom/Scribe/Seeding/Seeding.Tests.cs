using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Seeding;

/// <summary>Planted errors: whoever reviews is told at once, none reaches a chart, and what is caught is counted.</summary>
public sealed class SeedingTests
{
    private static readonly Transcript Said = TranscriptParser.Parse(SampleVisits.Knee).Value;

    private sealed record Row(int Statement, string Class, bool WasFlagged);

    private static Task<Row> RowAsync(ReviewDesk desk, JsonObject draft) =>
        desk.Clinic.OneAsync<Row>("select statement, class, was_flagged from seed where draft_id = @draft", new { draft = Guid.Parse((string)draft["id"]!) });

    /// <summary>Drafts with an error planted, and looks at it where it is flagged.</summary>
    private static async Task<(JsonObject Draft, Row Seed, JsonObject Statement)> PlantedAsync(ReviewDesk desk)
    {
        await desk.PlantAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var seed = await RowAsync(desk, draft);
        var statement = ReviewDesk.Statement(draft, seed.Statement);
        Assert.Equal(seed.WasFlagged, (bool)statement["isFlagged"]!);
        if (!seed.WasFlagged) return (draft, seed, statement);
        return (draft, seed, ReviewDesk.Statement((await desk.DecideAsync(draft, seed.Statement, "opened")).Body, seed.Statement));
    }

    private static string TrueWords(int statement) => BuiltInDrafter.Write(Said, ChartFacts.None).Statements.ElementAt(statement - 1).Text;

    [Fact]
    public async Task AI_6_Whoever_takes_a_planted_error_is_told_at_once_and_only_the_true_words_reach_the_chart()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var (draft, seed, statement) = await PlantedAsync(desk);
        var planted = (string)statement["text"]!;
        var told = ReviewDesk.Statement((await desk.DecideAsync(draft, seed.Statement, "accepted", (int)statement["seen"]!)).Body, seed.Statement);

        Assert.Equal(("waiting", TrueWords(seed.Statement)), ((string?)told["standing"], (string?)told["text"]));
        Assert.NotEqual(planted, (string?)told["text"]);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from decision where kind = 'missed'"));
        var page = await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider);
        Assert.Contains("This line had a planted error.", page, StringComparison.Ordinal);

        foreach (var other in draft["statements"]!.AsArray().Select(it => (int)it!["number"]!).Where(it => it != seed.Statement))
        {
            var seen = (bool)ReviewDesk.Statement(draft, other)["isFlagged"]! ? 1 : 0;
            if (seen == 1) await desk.DecideAsync(draft, other, "opened");
            Assert.Equal(200, (await desk.DecideAsync(draft, other, "accepted", seen)).Status);
        }
        Assert.Equal((409, "scribe.undecided"), await desk.SignAsync(draft) is var early ? (early.Status, early.Code) : default);
        Assert.Equal(200, (await desk.DecideAsync(draft, seed.Statement, "accepted", (int)told["seen"]!)).Status);
        var signed = await desk.SignAsync(draft);
        Assert.Equal(201, signed.Status);
        var note = (await desk.GetAsync($"/api/v1/notes/{signed.Body["noteId"]}", ClinicRole.Provider))["now"]!["sections"]!.ToJsonString();
        Assert.Contains(TrueWords(seed.Statement), JsonNode.Parse(note)!.AsArray().Select(it => (string)it!["text"]!).Aggregate((one, other) => one + other), StringComparison.Ordinal);
        Assert.DoesNotContain(planted, JsonNode.Parse(note)!.AsArray().Select(it => (string)it!["text"]!).Aggregate((one, other) => one + other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AI_6_A_planted_error_that_is_rejected_or_mended_counts_as_found_and_one_that_is_kept_in_an_edit_does_not()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var (draft, seed, statement) = await PlantedAsync(desk);
        var told = ReviewDesk.Statement((await desk.DecideAsync(draft, seed.Statement, "rejected", (int)statement["seen"]!, reason: "said otherwise")).Body, seed.Statement);
        Assert.Equal(("waiting", TrueWords(seed.Statement)), ((string?)told["standing"], (string?)told["text"]));
        await DiscardAsync(desk, draft);

        (draft, seed, statement) = await PlantedAsync(desk);
        var mended = TrueWords(seed.Statement);
        told = ReviewDesk.Statement((await desk.DecideAsync(draft, seed.Statement, "edited", (int)statement["seen"]!, text: mended)).Body, seed.Statement);
        Assert.Equal(("edited", mended), ((string?)told["standing"], (string?)told["text"]));
        await DiscardAsync(desk, draft);

        (draft, seed, statement) = await PlantedAsync(desk);
        told = ReviewDesk.Statement((await desk.DecideAsync(draft, seed.Statement, "edited", (int)statement["seen"]!, text: $"{statement["text"]} Indeed.")).Body, seed.Statement);
        Assert.Equal(("waiting", TrueWords(seed.Statement)), ((string?)told["standing"], (string?)told["text"]));

        Assert.Equal((2, 1), await desk.Clinic.OneAsync<(long, long)>("select count(*) filter (where kind = 'caught'), count(*) filter (where kind = 'missed') from decision"));
        var figures = await desk.GetAsync("/api/v1/insights/drafts", ClinicRole.Admin);
        Assert.Equal((3, 2), (figures["seeds"]!.AsArray().Sum(it => (long)it!["planted"]!), figures["seeds"]!.AsArray().Sum(it => (long)it!["caught"]!)));
        var page = await desk.PageAsync("/insights/drafts", ClinicRole.Admin);
        Assert.Contains("2 of 3 planted errors were found.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AI_6_An_error_planted_into_a_proposed_order_is_told_counted_for_its_reviewer_and_never_placed()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var clean = (await OrdersAsync(desk, await desk.DraftedAsync(SampleVisits.Knee)))["statements"]!.AsArray().Select(it => (string)it!["text"]!).ToList();
        await DiscardAsync(desk, await desk.GetAsync($"/api/v1/drafts/{await desk.Clinic.OneAsync<Guid>("select id from draft where kind = 'note'")}", ClinicRole.Provider));
        await desk.PlantAsync();
        var orders = await OrdersAsync(desk, await desk.DraftedAsync(SampleVisits.Knee));
        var seed = await RowAsync(desk, orders);
        Assert.Contains(seed.Class, Seeder.OfOrders);
        var wrong = orders["statements"]!.AsArray().Select(it => (string)it!["text"]!).Except(clean).Single();
        Assert.Equal(wrong, (string)ReviewDesk.Statement(orders, seed.Statement)["text"]!);
        Assert.Equal(seed.WasFlagged, (bool)ReviewDesk.Statement(orders, seed.Statement)["isFlagged"]!);

        await desk.DecideAllAsync(orders);   // as somebody who looks at nothing
        Assert.Equal((1L, 0L), await desk.Clinic.OneAsync<(long, long)>("select count(*) filter (where kind = 'missed'), count(*) filter (where kind = 'caught') from decision where draft_id = @draft", new { draft = Guid.Parse((string)orders["id"]!) }));
        var placed = await desk.SendAsync($"/api/v1/drafts/{orders["id"]}/placement", new { }, await desk.Clinic.OneAsync<int>("select version from draft where id = @draft", new { draft = Guid.Parse((string)orders["id"]!) }), ClinicRole.Provider);
        Assert.Equal((201, clean.Count), (placed.Status, placed.Body["orders"]!.AsArray().Count));
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        var ordered = JsonNode.Parse(await provider.GetStringAsync($"/api/v1/visits/{desk.Visit}/orders"))!.AsArray().Select(it => (string)it!["words"]!).ToList();
        Assert.Equal(clean.Order(StringComparer.Ordinal), ordered.Order(StringComparer.Ordinal));   // the true words
        var figures = await desk.GetAsync("/api/v1/insights/drafts", ClinicRole.Admin);
        Assert.Equal((1, 0), (figures["seeds"]!.AsArray().Sum(it => (long)it!["planted"]!), figures["seeds"]!.AsArray().Sum(it => (long)it!["caught"]!)));
    }

    private static async Task<JsonObject> OrdersAsync(ReviewDesk desk, JsonObject note)
    {
        Assert.Equal("note", (string)note["kind"]!);
        return await desk.GetAsync($"/api/v1/drafts/{await desk.Clinic.OneAsync<Guid>("select id from draft where kind = 'orders' and state = 'open'")}", ClinicRole.Provider);
    }

    private static async Task DiscardAsync(ReviewDesk desk, JsonObject draft)
    {
        Assert.Equal(204, (await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/discard", new { reason = "again" }, null, ClinicRole.Provider)).Status);
    }

    [Fact]
    public async Task AI_6_The_database_itself_refuses_to_sign_a_planted_error_of_which_nobody_was_told()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await desk.PlantAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.Clinic.RowsAsync<int>("""
            with decided as (
                insert into decision (id, draft_id, statement, sequence, kind, decided_by, decided_at, policy_version)
                select gen_random_uuid(), draft.id, number, 9, 'accepted', @by, now(), '1' from draft, generate_series(1, draft.statement_count) as number where draft.id = @draft
            )
            select 1
            """, new { draft = Guid.Parse((string)draft["id"]!), by = desk.Provider });

        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.SignBehindItAsync(draft));

        Assert.Equal("draft_signed_seed_told", error.ConstraintName);
    }

    [Fact]
    public async Task AI_6_Errors_are_planted_only_where_a_clinic_asked_for_them_and_its_figures_are_those_of_the_decisions()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from seed"));
        var numbers = draft["statements"]!.AsArray().Where(it => !(bool)it!["isFlagged"]!).Select(it => (int)it!["number"]!).Take(3).ToArray();
        await desk.DecideAsync(draft, numbers[0], "accepted", seconds: 4);
        await desk.DecideAsync(draft, numbers[1], "edited", text: (string)ReviewDesk.Statement(draft, numbers[1])["text"]! + "!", seconds: 8);
        await desk.DecideAsync(draft, numbers[2], "rejected", reason: "not relevant");

        var figures = await desk.GetAsync("/api/v1/insights/drafts?days=7", ClinicRole.Admin);
        var line = Assert.Single(figures["reviewers"]!.AsArray())!;
        Assert.Equal(("Dr. Ada Hart", 1, 1, 1, 1, 0), ((string?)line["person"], (int)line["drafts"]!, (int)line["accepted"]!, (int)line["edited"]!, (int)line["rejected"]!, (int)line["added"]!));
        Assert.Equal((1.0, 6.0), ((double)line["editMedian"]!, (double)line["secondsMedian"]!));
        Assert.Equal((3, 1), (figures["bands"]!.AsArray().Sum(it => (int)it!["statements"]!), figures["bands"]!.AsArray().Sum(it => (int)it!["accepted"]!)));
        Assert.Equal((1, (int)draft["statements"]!.AsArray().Count), ((int)figures["drafters"]![0]!["drafts"]!, (int)figures["drafters"]![0]!["statements"]!));

        using var admin = desk.Clinic.As(ClinicRole.Admin);
        foreach (var (oneIn, version, expected) in new (int?, string, int)[] { (0, "\"1\"", 422), (101, "\"1\"", 422), (10, "\"7\"", 412), (10, "\"1\"", 200), (null, "\"2\"", 200) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/seeding") { Content = JsonContent.Create(new { oneIn }) };
            request.Headers.TryAddWithoutValidation("If-Match", version);
            using var response = await admin.SendAsync(request);
            Assert.Equal(expected, (int)response.StatusCode);
        }
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        using var refused = await provider.PutAsJsonAsync("/api/v1/seeding", new { oneIn = 1 });
        Assert.Equal(403, (int)refused.StatusCode);
    }

    [Fact]
    public void AI_6_One_draft_in_so_many_gets_one_error_the_same_each_time_and_nothing_around_it_changes()
    {
        var clean = BuiltInDrafter.Write(Said, ChartFacts.None);
        var content = new DraftContent(clean, Verifier.Verify(Said, clean, ChartFacts.None), ChartFacts.None);
        var ids = Enumerable.Range(0, 400).Select(_ => DraftId.New()).ToList();
        var planted = ids.Select(id => (id, Seeder.Plant(id, 5, Said, content))).Where(it => it.Item2 is not null).ToList();

        Assert.InRange(planted.Count, 50, 120);
        foreach (var (id, made) in planted)
        {
            Assert.Equal(made!.Draft.ToText(), Seeder.Plant(id, 5, Said, content)!.Draft.ToText());
            var changed = clean.Statements.Zip(made.Draft.Statements).Select((pair, at) => (pair, at)).Where(it => it.pair.First.Text != it.pair.Second.Text).ToList();
            Assert.Equal([made.Seed.Statement - 1], changed.Select(it => it.at));
            Assert.Equal(changed[0].pair.First.Text, made.Seed.True.Text);
            Assert.Equal(content.Verification.Omissions, made.Verification.Omissions);
        }
        Assert.True(planted.Select(it => it.Item2!.Seed.Class).Distinct().Count() >= 4);
    }
}
