using System.Text.Json.Nodes;
using Chartroom.Scheduling;

namespace Chartroom.Scribe.Orders;

/// <summary>From what a clinician said to an order: proposed with reason and place, decided by a person, placed once.</summary>
public sealed class ProposedOrdersTests
{
    private static async Task<JsonObject> ProposedAsync(ReviewDesk desk)
    {
        using var client = desk.Clinic.As(ClinicRole.Provider);
        var beside = JsonNode.Parse(await client.GetStringAsync($"/api/v1/visits/{desk.Visit}/drafts"))!.AsArray();
        var orders = beside.Last(it => ((string)it!["kind"]!).Equals("orders", StringComparison.OrdinalIgnoreCase))!;
        return await desk.GetAsync($"/api/v1/drafts/{orders["id"]}", ClinicRole.Provider);
    }

    private static async Task<Reply> PlaceAsync(ReviewDesk desk, JsonObject draft)
    {
        var version = await desk.Clinic.OneAsync<int>("select version from draft where id = @id", new { id = Guid.Parse((string)draft["id"]!) });
        return await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/placement", new { }, version, ClinicRole.Provider);
    }

    private static int NumberOf(JsonObject draft, string words) => (int)draft["statements"]!.AsArray().First(it => ((string)it!["text"]!).Contains(words, StringComparison.OrdinalIgnoreCase))!["number"]!;

    /// <summary>Looks at it where it is flagged; answers how many decisions there are then.</summary>
    private static async Task<int> OpenedAsync(ReviewDesk desk, JsonObject draft, int number)
    {
        if (!(bool)ReviewDesk.Statement(draft, number)["isFlagged"]!) return 0;
        Assert.Equal(200, (await desk.DecideAsync(draft, number, "opened")).Status);
        return 1;
    }

    [Fact]
    public async Task AI_4_Orders_spoken_of_are_proposed_with_reason_and_place_and_only_what_a_person_takes_is_placed()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var note = await desk.DraftedAsync(SampleVisits.Knee);
        var draft = await ProposedAsync(desk);
        Assert.All(draft["statements"]!.AsArray(), it => Assert.Equal("waiting", (string?)it!["standing"]));
        Assert.All(draft["statements"]!.AsArray(), it => Assert.NotEmpty(it!["citations"]!.AsArray()));
        var (mri, pill, stop) = (NumberOf(draft, "MRI"), NumberOf(draft, "Meloxicam 15 mg"), NumberOf(draft, "Stop ibuprofen"));
        Assert.Equal("left knee pain", (string?)ReviewDesk.Statement(draft, mri)["purpose"], ignoreCase: true);
        var page = await desk.PageAsync($"/drafts/{draft["id"]}", ClinicRole.Provider);
        Assert.Contains("For left knee pain", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("I'm gonna order an MRI of the left knee.", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<input[^>]*(checked|checkbox|radio)", page[page.IndexOf("id=\"review\"", StringComparison.Ordinal)..page.IndexOf("</aside>", StringComparison.Ordinal)]);
        Assert.Contains("Proposed orders", await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);

        Assert.Equal((409, "scribe.one-by-one"), await desk.AcceptManyAsync(draft, mri) is var many ? (many.Status, many.Code) : default);
        Assert.Equal((409, "scribe.undecided"), await PlaceAsync(desk, draft) is var early ? (early.Status, early.Code) : default);
        Assert.Equal((409, "scribe.other-kind"), await desk.SignAsync(draft) is var signed ? (signed.Status, signed.Code) : default);
        Assert.Equal((409, "scribe.other-kind"), await PlaceAsync(desk, note) is var other ? (other.Status, other.Code) : default);
        Assert.Equal(200, (await desk.DecideAsync(draft, mri, "accepted", await OpenedAsync(desk, draft, mri), seconds: 5)).Status);
        var edited = await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/decisions",
            new { statement = pill, kind = "edited", seen = await OpenedAsync(desk, draft, pill), text = "Meloxicam 15 mg once a day by mouth", purpose = "knee pain" }, null, ClinicRole.Provider);
        Assert.Equal(200, edited.Status);
        if (ReviewDesk.Statement(edited.Body, pill) is var again && (string)again["standing"]! == "waiting")
        {
            await desk.DecideAsync(draft, pill, "opened", (int)again["seen"]!);
            await desk.DecideAsync(draft, pill, "accepted", (int)again["seen"]! + 1);
        }
        foreach (var number in draft["statements"]!.AsArray().Select(it => (int)it!["number"]!).Where(it => it != mri && it != pill))
            Assert.Equal(200, (await desk.DecideAsync(draft, number, "rejected", reason: "not needed")).Status);
        var placed = await PlaceAsync(desk, draft);

        Assert.Equal((201, 2), (placed.Status, placed.Body["orders"]!.AsArray().Count));
        Assert.Equal((409, "scribe.already-signed"), await PlaceAsync(desk, draft) is var twice ? (twice.Status, twice.Code) : default);
        Assert.Equal((2, 0, 1), await desk.Clinic.OneAsync<(long, long, long)>($"select (select count(*) from visit_order where state = 'open'), (select count(*) from visit_order where statement = {stop}), (select count(*) from decision where kind = 'rejected' and statement = {stop} and draft_id = @draft)", new { draft = Guid.Parse((string)draft["id"]!) }));
        Assert.True(await desk.Clinic.OneAsync<int>("select edit_distance from decision where kind = 'edited'") > 5);
        foreach (var path in new[] { $"/visits/{desk.Visit}", $"/patients/{desk.Patient}/chart" })
        {
            var shown = await desk.PageAsync(path, ClinicRole.Provider);
            Assert.Contains("Meloxicam 15 mg once a day by mouth", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("Stop ibuprofen", shown, StringComparison.Ordinal);
        }
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        Assert.Contains("Meloxicam 15 mg once a day by mouth", await admin.GetStringAsync("/api/v1/exports/visit-order.json"), StringComparison.Ordinal);
        Assert.Equal(200, (int)(await desk.Clinic.As(ClinicRole.Provider).GetAsync($"/drafts/{draft["id"]}")).StatusCode);   // for reading only
    }

    [Fact]
    public async Task CHT_1_A_proposed_medicine_that_an_allergy_speaks_against_is_taken_with_a_reason_only()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var allergy = new { content = new { kind = "allergy", code = new { text = "Aspirin" }, status = "active" } };
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", allergy, null, ClinicRole.Provider)).Status);
        await desk.DraftedAsync(SampleVisits.Knee);
        var draft = await ProposedAsync(desk);
        var pill = NumberOf(draft, "Meloxicam");
        Assert.True((bool)ReviewDesk.Statement(draft, pill)["isFlagged"]!);
        Assert.Equal((409, "scribe.open-first"), await desk.DecideAsync(draft, pill, "accepted") is var unseen ? (unseen.Status, unseen.Code) : default);
        await desk.DecideAsync(draft, pill, "opened");
        Assert.Contains("Why it is right in spite of the allergy", await desk.PageAsync($"/drafts/{draft["id"]}", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal((422, "scribe.invalid-decision"), await desk.DecideAsync(draft, pill, "accepted", 1) is var bare ? (bare.Status, bare.Code) : default);
        Assert.Equal(200, (await desk.DecideAsync(draft, pill, "accepted", 1, reason: "Took it before, no reaction")).Status);
        foreach (var number in draft["statements"]!.AsArray().Select(it => (int)it!["number"]!).Where(it => it != pill)) await desk.DecideAsync(draft, number, "rejected", reason: "not needed");

        Assert.Equal(201, (await PlaceAsync(desk, draft)).Status);
        var order = JsonNode.Parse(await desk.Clinic.As(ClinicRole.Provider).GetStringAsync($"/api/v1/visits/{desk.Visit}/orders"))![0]!;
        Assert.Equal("Took it before, no reaction", (string?)order["accepted"]![0]!["reason"]);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'allergy_warning.overridden'"));
    }

    [Fact]
    public async Task AI_5_The_database_itself_refuses_a_proposed_order_on_which_nobody_decided()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await desk.DraftedAsync(SampleVisits.Knee);
        var draft = await ProposedAsync(desk);
        const string Insert = """
            insert into visit_order (id, patient_id, appointment_id, kind, content, key_version, draft_id, statement, placed_by, placed_at)
            select gen_random_uuid(), patient_id, appointment_id, 'test', 'x', 1, id, 1, created_by, now() from draft where id = @draft
            """;
        var id = Guid.Parse((string)draft["id"]!);

        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RowsAsync<int>(Insert, new { draft = id }));
        Assert.Equal("visit_order_decided", error.ConstraintName);
        Assert.Equal(200, (await desk.DecideAsync(draft, 1, "rejected", await OpenedAsync(desk, draft, 1), reason: "not needed")).Status);
        error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RowsAsync<int>(Insert, new { draft = id }));
        Assert.Equal("visit_order_decided", error.ConstraintName);
    }

    [Fact]
    public async Task Orders_by_hand_are_placed_cancelled_and_opened_again_and_say_for_ever_what_they_said()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        async Task<Reply> OrderAsync(object body, ClinicRole role = ClinicRole.Provider) => await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", body, null, role);
        var placed = await OrderAsync(new { kind = "follow_up", words = "Return in 2 weeks", purpose = "knee" });
        Assert.Equal(201, placed.Status);
        var id = placed.Body["id"];
        Assert.Equal(422, (await OrderAsync(new { kind = "test", words = " " })).Status);
        Assert.Equal((403, 403), ((await OrderAsync(new { kind = "test", words = "CBC" }, ClinicRole.FrontDesk)).Status, (await OrderAsync(new { kind = "test", words = "CBC" }, ClinicRole.Admin)).Status));

        Assert.Equal(412, (await desk.SendAsync($"/api/v1/orders/{id}/cancellation", new { }, 7, ClinicRole.Provider)).Status);
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/orders/{id}/cancellation", new { }, 1, ClinicRole.Provider)).Status);
        Assert.Equal((409, "orders.ended"), await desk.SendAsync($"/api/v1/orders/{id}/done", new { }, 2, ClinicRole.Provider) is var over ? (over.Status, over.Code) : default);
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/orders/{id}/reopening", new { }, 2, ClinicRole.Provider)).Status);
        Assert.Equal(("open", 3), await desk.Clinic.OneAsync<(string, int)>("select state, version from visit_order"));
        Assert.Contains("Undo", await desk.PageAsync($"/visits/{desk.Visit}?order=cancelled&on={id}&v=2", ClinicRole.Provider), StringComparison.Ordinal);
        foreach (var tamper in new[] { "update visit_order set content = ''", "update visit_order set kind = 'test'", "delete from visit_order" })
            Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Provider, tamper))).SqlState);
    }
}
