using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Import;
using Chartroom.Scheduling;
using Chartroom.Scribe;

namespace Chartroom.Charts;

/// <summary>Results by hand: flagged by their range, closing the order they answer, and waiting until a provider has seen them.</summary>
public sealed class ResultsTests
{
    [Fact]
    public async Task CHT_1_A_result_by_hand_is_flagged_closes_its_order_waits_and_is_seen_with_a_word_and_leaves_with_the_chart()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var order = await OrderAsync(desk, "HbA1c");
        var form = await desk.PageAsync($"/patients/{desk.Patient}/chart/new/result", ClinicRole.Provider);
        Assert.Contains($"<option value=\"{order}\">HbA1c", form, StringComparison.Ordinal);

        var saved = await PostAsync(desk, $"/patients/{desk.Patient}/chart/new/result", ClinicRole.Provider, A1c(order));
        Assert.Equal((303, 1), (saved, await desk.Clinic.OneAsync<int>("select count(*)::int from entry where kind = 'result' and to_see = 'abnormal' and order_id = @order", new { order = Guid.Parse(order) })));
        var id = await desk.Clinic.OneAsync<Guid>("select id from entry where kind = 'result'");
        Assert.Equal("done", await StateAsync(desk, order));
        var stored = await desk.GetAsync($"/api/v1/patients/{desk.Patient}/entries/{id}", ClinicRole.Provider);
        Assert.Equal(("High", "2026-03-01", true), ((string?)stored["content"]!["what"]!["interpretations"]![0]!["text"], (string?)stored["content"]!["taken"], (bool)stored["isUnseen"]!));
        Assert.Contains("1 result nobody has seen", await desk.PageAsync($"/patients/{desk.Patient}/chart", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal([(id.ToString(), true)], await WaitingAsync(desk));

        var page = $"/patients/{desk.Patient}/entries/{id}";
        Assert.Equal(303, await PostAsync(desk, $"{page}/seen?from=/notes/waiting", ClinicRole.Provider, ("version", "1"), ("word", "Metformin doubled")));
        Assert.Equal([], await WaitingAsync(desk));
        Assert.DoesNotContain("nobody has seen", await desk.PageAsync($"/patients/{desk.Patient}/chart", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Contains("Metformin doubled", await desk.PageAsync(page, ClinicRole.Admin), StringComparison.Ordinal);
        Assert.Equal(409, await PostAsync(desk, $"{page}/seen", ClinicRole.Provider, ("version", "1")));

        foreach (var (file, shown) in new[] { ("fhir.json", "\"valueQuantity\""), ("ccd.xml", "value=\"8.1\"") })
        {
            var document = await desk.Clinic.As(ClinicRole.Admin).GetStringAsync($"/api/v1/patients/{desk.Patient}/exports/{file}");
            Assert.Contains(shown, document, StringComparison.Ordinal);
            Assert.Contains("4548-4", document, StringComparison.Ordinal);
        }
        Assert.Contains("Metformin doubled", await desk.Clinic.As(ClinicRole.Admin).GetStringAsync("/api/v1/exports/result-seen.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CHT_1_What_one_has_seen_is_taken_back_by_oneself_a_correction_waits_again_and_nothing_that_was_said_is_lost()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var id = await AddAsync(desk, Content("5.0"));
        var seen = $"/api/v1/patients/{desk.Patient}/entries/{id}/seen";

        Assert.Equal(412, (await SendAsync(desk, HttpMethod.Put, seen, 2)).Status);
        Assert.Equal(204, (await SendAsync(desk, HttpMethod.Put, seen, 1)).Status);
        Assert.Equal((409, "charts.result-not-waiting"), await SendAsync(desk, HttpMethod.Put, seen, 1));
        Assert.Equal(204, (await SendAsync(desk, HttpMethod.Delete, seen, null)).Status);
        Assert.Equal((409, "charts.result-not-seen"), await SendAsync(desk, HttpMethod.Delete, seen, null));
        Assert.Equal([(id, false)], await WaitingAsync(desk));
        Assert.Equal(204, (await SendAsync(desk, HttpMethod.Put, seen, 1)).Status);

        using var correction = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/patients/{desk.Patient}/entries/{id}") { Content = new StringContent($$"""{"content":{{Content("9.0")}}}""", MediaTypeHeaderValue.Parse("application/json")) };
        correction.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        using var corrected = await desk.Clinic.As(ClinicRole.Provider).SendAsync(correction);
        Assert.Contains("\"isUnseen\":true", await corrected.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal([(id, true)], await WaitingAsync(desk));
        Assert.Equal("1 seen, 1 taken_back, 1 seen", string.Join(", ", await desk.Clinic.RowsAsync<string>("select version || ' ' || act from result_seen order by at, id")));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Provider, "update result_seen set act = 'taken_back'"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Admin, "delete from result_seen"));
    }

    [Fact]
    public async Task CHT_1_The_front_desk_sees_no_result_an_administrator_says_nothing_of_one_and_of_ten_providers_at_once_one_has_seen_it()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var id = await AddAsync(desk, Content("9.9"));
        var seen = $"/api/v1/patients/{desk.Patient}/entries/{id}/seen";

        foreach (var role in new[] { ClinicRole.FrontDesk, ClinicRole.Admin }) Assert.Equal(403, (await SendAsync(desk, HttpMethod.Put, seen, 1, role)).Status);
        Assert.Equal(403, await PostAsync(desk, $"/patients/{desk.Patient}/chart/new/result", ClinicRole.FrontDesk, A1c()));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.FrontDesk, "select 1 from result_seen"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(desk, HttpMethod.Put, seen, 1)));
        Assert.Equal((1, 9), (answers.Count(it => it.Status == 204), answers.Count(it => it.Code == "charts.result-not-waiting")));
        Assert.Equal(1, await desk.Clinic.OneAsync<int>("select count(*)::int from result_seen"));
    }

    [Fact]
    public async Task CHT_5_A_result_that_is_put_away_opens_its_order_again_and_coming_back_closes_it()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var order = await OrderAsync(desk, "HbA1c");
        var id = await AddAsync(desk, Content("8.1"), order);
        var entry = $"/api/v1/patients/{desk.Patient}/entries/{id}";
        Assert.Equal((422, "charts.no-such-order"), await RefusedAsync(desk, order));   // done already
        Assert.Equal((422, "charts.no-such-order"), await RefusedAsync(desk, Guid.CreateVersion7().ToString()));

        Assert.Equal(204, (await SendAsync(desk, HttpMethod.Delete, entry, 1)).Status);
        Assert.Equal("open", await StateAsync(desk, order));
        Assert.Equal([], await WaitingAsync(desk));
        Assert.Equal(204, (await SendAsync(desk, HttpMethod.Post, $"{entry}/restore", null)).Status);
        Assert.Equal("done", await StateAsync(desk, order));
        Assert.Equal(204, (await SendAsync(desk, HttpMethod.Delete, entry, 1, ClinicRole.Admin)).Status);
        Assert.Equal("open", await StateAsync(desk, order));
        Assert.Equal(["order.done", "order.reopened", "order.done", "order.reopened"], await desk.Clinic.RowsAsync<string>("select action from audit_event where resource = 'order' and action <> 'order.placed' and outcome = 'done' order by at, id"));
    }

    [Fact]
    public async Task C6_Abnormal_results_wait_first_ones_own_patients_are_ones_own_and_no_page_loses_any()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var theirs = await desk.Scheduling.AdmitAsync("Toni", "Vale");
        await BusyDay.AddAsync(desk.Scheduling, (desk.Scheduling.Colleague, theirs, desk.Scheduling.VisitType), new DateTime(2026, 2, 27, 9, 0, 0), 20, VisitStatus.Completed);
        await desk.Clinic.RowsAsync<int>("""
            insert into entry (id, patient_id, kind, state, content, key_version, recorded_at, to_see)
            select gen_random_uuid(), case when number % 3 = 0 then @theirs else @ours end, 'result', 'final', 'x', 1, @now - make_interval(mins => number), case when number % 2 = 0 then 'abnormal' else 'normal' end
            from generate_series(1, 180) as number
            returning 1
            """, new { theirs, ours = desk.Patient, now = desk.Clinic.Clock.GetUtcNow() });

        var (mine, all) = (await WaitingAsync(desk), await WaitingAsync(desk, "all"));
        Assert.Equal((120, 180), (mine.Count, all.Count));
        Assert.Equal([.. Enumerable.Repeat(true, 90), .. Enumerable.Repeat(false, 90)], all.Select(it => it.IsAbnormal));
        Assert.Contains("Later results", await desk.PageAsync("/notes/waiting", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal(180, all.Select(it => it.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("5.0", 4.0, 5.6, "Normal"), InlineData("5.6", 4.0, 5.6, "Normal"), InlineData("5.7", 4.0, 5.6, "High"), InlineData("3.9", 4.0, 5.6, "Low")]
    [InlineData("200", null, 129.0, "High"), InlineData("40", 60.0, null, "Low"), InlineData("<0.1", 0.4, 4.5, "Low"), InlineData(">500", 0.4, 4.5, "High"), InlineData("<0.4", 0.4, 4.5, "Low")]
    [InlineData("<200", 0.4, 4.5, null), InlineData(">1", 0.4, 4.5, null), InlineData("<5", null, 10.0, "Normal"), InlineData("positive", 0.4, 4.5, null), InlineData("5,6", 4.0, 5.6, null)]
    [InlineData("1,200", 150.0, 400.0, "High"), InlineData("≥ 200", 0.0, 100.0, "High"), InlineData("5", null, null, null), InlineData("-2", -3.0, -1.0, "Normal")]
    public void The_flag_is_what_the_range_says_and_nothing_where_it_says_nothing(string value, double? low, double? high, string? flag) => Assert.Equal(flag,
        ResultFlags.OfRange(new() { Code = new() { Text = "Test" }, Value = ResultFigure.Read(value, null), Ranges = [new((decimal?)low, (decimal?)high, null)] })?.Text);

    [Theory]
    [InlineData("2345-7", true), InlineData("4548-4", true), InlineData("718-7", true), InlineData("30313-1", true), InlineData("2345-6", false), InlineData("2354-7", false), InlineData("2345", false), InlineData("-7", false), InlineData("23a5-7", false)]
    public void A_LOINC_code_is_held_against_its_check_digit(string code, bool isOne) => Assert.Equal(isOne, EntryRules.IsLoinc(code));

    [Theory]
    [InlineData("""{"kind":"result","status":"final","what":{"code":{"text":"Glucose"}},"taken":"2026-03-01"}""", "value"), InlineData("""{"kind":"result","status":"final","what":{"code":{"text":"Glucose"},"value":{"text":"low"}}}""", "day")]
    [InlineData("""{"kind":"result","status":"final","what":{"code":{"text":"Glucose"},"value":{"text":"low"}},"taken":"2026-05-01"}""", "day")]
    [InlineData("""{"kind":"result","status":"final","what":{"code":{"text":"Glucose","codings":[{"system":"http://loinc.org","code":"2345-8"}]},"value":{"text":"low"}},"taken":"2026-03-01"}""", "loinc")]
    [InlineData("""{"kind":"result","status":"final","what":{"code":{"text":"Glucose"},"value":{"amount":{"value":5}},"ranges":[{"low":6,"high":4}]},"taken":"2026-03-01"}""", "high")]
    public async Task What_is_no_result_is_refused_at_its_field_and_leaves_none(string content, string field)
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var reply = await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", JsonNode.Parse($$"""{"content":{{content}}}""")!, null, ClinicRole.Provider);
        Assert.Equal((422, "charts.invalid-entry"), (reply.Status, reply.Code));
        Assert.NotNull(reply.Body["errors"]![field]);
        Assert.Equal(0, await desk.Clinic.OneAsync<int>("select count(*)::int from entry"));
    }

    [Fact]
    public async Task A_result_of_another_system_waits_when_it_is_news_and_not_when_it_is_history()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2024-05-20T15:00:00Z");
        await clinic.The<ImportFileHandler>().HandleAsync(new MemoryStream(Sample.Bundle(Sample.Visit)), null, clinic.Actor(ClinicRole.Provider), CancellationToken.None);
        var at = await clinic.OneAsync<DateTime>("select effective_at from entry where kind = 'result'");
        await using var later = await TestClinic.OpenAsync(now: at.AddDays(ResultFlags.NewsDays + 1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        await later.The<ImportFileHandler>().HandleAsync(new MemoryStream(Sample.Bundle(Sample.Visit)), null, later.Actor(ClinicRole.Provider), CancellationToken.None);
        await using var soon = await TestClinic.OpenAsync(now: at.AddDays(ResultFlags.NewsDays - 1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        await soon.The<ImportFileHandler>().HandleAsync(new MemoryStream(Sample.Bundle(Sample.Visit)), null, soon.Actor(ClinicRole.Provider), CancellationToken.None);

        Assert.Equal((0, 1), (await later.OneAsync<int>("select count(to_see)::int from entry"), await soon.OneAsync<int>("select count(to_see)::int from entry")));
    }

    private static (string, string)[] A1c(string? order = null) =>
    [
        ("words", "Hemoglobin A1c"), ("loinc", "4548-4"), ("value", "8.1"), ("unit", "%"), ("low", "4.0"), ("high", "5.6"), ("flag", "Normal"), ("day", "2026-03-01"), ("lab", "Harbor Lab"), ("specimen", "Blood"),
        .. order is null ? Array.Empty<(string, string)>() : [("order", order)],
    ];

    private static string Content(string value) => $$$"""
        {"kind":"result","status":"final","categories":[{"text":"Laboratory","codings":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
         "what":{"code":{"text":"Hemoglobin A1c"},"value":{"amount":{"value":{{{value}}},"unit":"%"}},"ranges":[{"low":4.0,"high":5.6}]},"taken":"2026-03-01"}
        """;

    private static async Task<string> AddAsync(ReviewDesk desk, string content, string? order = null)
    {
        var added = await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", new JsonObject { ["content"] = JsonNode.Parse(content), ["orderId"] = order }, null, ClinicRole.Provider);
        Assert.Equal((201, null), (added.Status, added.Code));
        return (string)added.Body["id"]!;
    }

    private static async Task<(int, string?)> RefusedAsync(ReviewDesk desk, string order)
    {
        var reply = await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", new JsonObject { ["content"] = JsonNode.Parse(Content("5")), ["orderId"] = order }, null, ClinicRole.Provider);
        return (reply.Status, reply.Code);
    }

    private static async Task<string> OrderAsync(ReviewDesk desk, string words)
    {
        var placed = await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "test", words }, null, ClinicRole.Provider);
        Assert.Equal(201, placed.Status);
        return (string)placed.Body["id"]!;
    }

    private static Task<string> StateAsync(ReviewDesk desk, string order) => desk.Clinic.OneAsync<string>("select state from visit_order where id = @id", new { id = Guid.Parse(order) });

    private static async Task<List<(string Id, bool IsAbnormal)>> WaitingAsync(ReviewDesk desk, string whose = "mine")
    {
        var all = new List<(string, bool)>();
        for (var after = ""; after is not null;)
        {
            var page = await desk.GetAsync($"/api/v1/notes/waiting?whose={whose}&resultsAfter={after}", ClinicRole.Provider);
            all.AddRange(page["results"]!.AsArray().Select(it => ((string)it!["id"]!, (bool)it["isAbnormal"]!)));
            after = (string?)page["moreResultsAfter"];
        }
        return all;
    }

    private static async Task<int> PostAsync(ReviewDesk desk, string path, ClinicRole role, params (string Name, string Value)[] fields)
    {
        using var client = desk.Clinic.As(role);
        return (int)(await client.PostAsync(path, new FormUrlEncodedContent(fields.Select(it => KeyValuePair.Create(it.Name, it.Value))))).StatusCode;
    }

    private static async Task<(int Status, string? Code)> SendAsync(ReviewDesk desk, HttpMethod method, string path, int? version, ClinicRole role = ClinicRole.Provider)
    {
        using var client = desk.Clinic.As(role);
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put) request.Content = new StringContent("{}", MediaTypeHeaderValue.Parse("application/json"));
        if (version is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonDocument.Parse(text).RootElement.TryGetProperty("type", out var type) ? type.GetString()!.Replace("/problems/", "", StringComparison.Ordinal) : null);
    }
}
