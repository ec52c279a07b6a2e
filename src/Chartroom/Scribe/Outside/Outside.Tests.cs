using System.Net.Sockets;
using System.Net;
using Chartroom.Assist;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Scribe;

public sealed class OutsideTests
{
    private static Func<HttpContext, Task<bool>> Answers(int status, string? retryAfter = null) => http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        return Task.FromResult(true);
    };

    [Fact]
    public async Task AI_4_An_outside_model_drafts_in_the_background_and_what_it_got_wrong_is_flagged_for_the_same_review()
    {
        await using var desk = await OutsideDesk.OpenAsync();

        Assert.Equal((202, null), await desk.AddAsync());
        Assert.Equal(0, desk.Model.Connections);   // nobody waits for a model in a request
        Assert.Contains("waits to be drafted", await desk.PageAsync(), StringComparison.Ordinal);
        Assert.Contains("Being drafted", await desk.Desk.PageAsync($"/visits/{desk.Desk.Visit}", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.being-drafted"), await desk.AddAsync());
        using (var provider = desk.Clinic.As(ClinicRole.Provider))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await provider.GetAsync($"/visits/{desk.Desk.Visit}/drafting?state=queued&attempts=0")).StatusCode);
            Assert.Equal(HttpStatusCode.SeeOther, (await provider.GetAsync($"/visits/{desk.Desk.Visit}/drafting?state=drafting&attempts=1")).StatusCode);
        }
        await desk.WorkAsync();
        await desk.WorkAsync();

        Assert.Single(desk.Model.Requests);
        var progress = await desk.ProgressAsync();
        Assert.Equal(("done", null, 1, 1200L, 0.0081m), ((string)progress["state"]!, (string?)progress["failedWith"], (int)progress["dropped"]!, (long)progress["tokensIn"]!, (decimal)progress["cost"]!));
        var draft = await desk.Desk.GetAsync($"/api/v1/drafts/{progress["draftId"]}", ClinicRole.Provider);
        Assert.Equal(("Anthropic Claude", "claude-test-1-20260101, instructions visit-note 1"), ((string)draft["drafter"]!, (string)draft["drafterVersion"]!));
        var statements = draft["statements"]!.AsArray();
        Assert.Equal([("Twisted the left knee on the stairs about three weeks ago.", false), ("MRI of the left knee.", false), ("Meloxicam 50 mg once a day by mouth.", true)],
            statements.Select(it => ((string)it!["text"]!, (bool)it["isFlagged"]!)));
        var page = await desk.PageAsync();
        Assert.Contains("no words of a note: 1 of its statements.", page, StringComparison.Ordinal);
        Assert.Contains("1,500 tokens, 0.0081 USD", page, StringComparison.Ordinal);
        Assert.DoesNotContain("by the built-in drafter", page, StringComparison.Ordinal);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'transcript.sent' and outcome = 'done' and cardinality(patient_ids) = 1 and door = 'job' and person_id = @provider", new { provider = desk.Desk.Scheduling.Provider }));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from entry"));
        Assert.Contains(": 1 request, 0 of them without", await desk.Desk.PageAsync("/settings/assistant/visit-notes", ClinicRole.Admin), StringComparison.Ordinal);
        Assert.Contains("Anthropic Claude at 127.0.0.1", await desk.Desk.PageAsync("/settings/data", ClinicRole.Admin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AI_7_Off_or_turned_off_meanwhile_nothing_connects_and_the_built_in_drafter_writes()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        using var wires = new Wires();
        Assert.Equal((202, null), await desk.AddAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1/assistant/visit-notes")).StatusCode);

        await desk.WorkAsync();
        Assert.Equal(("done", "off"), await desk.ProgressAsync() is var ended ? ((string)ended["state"]!, (string)ended["failedWith"]!) : default);
        Assert.Contains("it was turned off meanwhile", await desk.PageAsync(), StringComparison.Ordinal);

        await desk.DiscardAsync();
        Assert.Equal((201, null), await desk.AddAsync());   // off: at once, by what is built in
        await desk.WorkAsync();
        Assert.Equal((0, 0L), (desk.Model.Connections, await desk.Clinic.OneAsync<long>("select count(*) from assist_call")));
        using (var proof = new TcpClient()) await proof.ConnectAsync(IPAddress.Loopback, desk.Model.Address.Port);   // the listener hears what is opened
        Assert.Equal(1, wires.To(desk.Model.Address.Port));
        Assert.Equal([], wires.Outside);
    }

    private static readonly (int Status, string? RetryAfter, int Asked, string Code, string Words)[] Failures =
    [
        (401, null, 1, "key", "An administrator can put in another key"), (404, null, 1, "refused", "An administrator can correct it"), (200, null, 1, "truncated", "its answer was cut off before its end"),
        (503, null, 4, "busy", "it was busy each time it was asked"), (429, "20", 4, "busy", "it was busy each time it was asked"), (429, "600", 1, "busy", "it was busy each time it was asked"),   // nobody waits ten minutes
    ];

    [Fact]
    public async Task AI_7_A_model_that_fails_is_asked_again_where_that_helps_then_the_built_in_drafter_writes_and_the_page_says_so()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        foreach (var (status, retryAfter, asked, code, words) in Failures)
        {
            desk.Model.Requests.Clear();
            (desk.Model.Stops, desk.Model.Instead) = ("max_tokens", status == 200 ? null : Answers(status, retryAfter));
            var began = desk.Clinic.Clock.GetUtcNow();
            await desk.AddAsync();
            if (asked > 1)
            {
                var again = await desk.Worker.WorkAsync(desk.Clinic.Id, default);
                Assert.Equal(began.AddSeconds(retryAfter is null ? 5 : 20), again);
                Assert.Null(await desk.Worker.WorkAsync(desk.Clinic.Id, default));   // not before
                Assert.Contains("It is asked again by itself", await desk.PageAsync(), StringComparison.Ordinal);
                desk.Clinic.Clock.AdjustTime(again!.Value);   // asserted above
            }

            await desk.WorkAsync();

            Assert.Equal((status, asked), (status, desk.Model.Requests.Count));
            var ended = await desk.ProgressAsync();
            Assert.Equal(("done", code), ((string)ended["state"]!, (string)ended["failedWith"]!));
            var page = await desk.PageAsync();
            Assert.Contains("This draft is by the built-in drafter.", page, StringComparison.Ordinal);
            Assert.Contains(words, page, StringComparison.Ordinal);
            Assert.Equal((asked, asked), await desk.Clinic.OneAsync<(int, int)>("select count(*)::int, (count(*) filter (where outcome = @code))::int from assist_call where job_id = (select id from drafting order by created_at desc, id desc limit 1)", new { code }));
            await desk.DiscardAsync();
        }
    }

    [Fact]
    public async Task A_page_asked_for_while_the_draft_is_being_written_waits_for_it_or_shows_it_with_who_drafted_it_and_nothing_between()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        desk.Model.Instead = Answers(401);
        for (var round = 0; round < 10; round++)
        {
            await desk.AddAsync();
            var work = Task.Run(desk.WorkAsync);
            async Task LookAsync()
            {
                do
                {
                    var page = await desk.PageAsync();
                    Assert.True(page.Contains("id=\"drafting\"", StringComparison.Ordinal) || page.Contains("This draft is by the built-in drafter.", StringComparison.Ordinal), page);
                }
                while (!work.IsCompleted);
            }
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LookAsync()));
            await work;
            await desk.DiscardAsync();
        }
    }

    [Fact]
    public async Task A_program_that_dies_loses_no_note_and_a_late_answer_writes_no_second_one()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        desk.Model.Instead = async _ =>
        {
            if (desk.Model.Requests.Count > 1) return false;
            asked.SetResult();
            await answer.Task;
            return false;
        };
        await desk.AddAsync();
        var first = desk.Worker.WorkAsync(desk.Clinic.Id, default);
        await asked.Task;
        Assert.Contains("has been asked", await desk.PageAsync(), StringComparison.Ordinal);
        // Nothing is held meanwhile: whoever stands inside a transaction now (other programs of this database may) is through with it before the model answers.
        Task<List<(int, DateTime)>> InsideAsync() => desk.Clinic.RowsAsync<(int, DateTime)>("select pid, xact_start from pg_stat_activity where state = 'idle in transaction' and datname = current_database()");
        var held = await InsideAsync();
        for (var look = 0; held.Count > 0 && look < 50; look++)
        {
            await desk.PageAsync();
            held = [.. held.Intersect(await InsideAsync())];
        }
        Assert.Empty(held);
        await desk.WorkAsync();
        Assert.Single(desk.Model.Requests);   // it is taken
        await desk.Clinic.RowsAsync<int>("update drafting set due_at = @now returning 1", new { now = desk.Clinic.Clock.GetUtcNow() });   // as if its node had been gone for three minutes

        await desk.WorkAsync();
        await desk.DiscardAsync();   // so that only the row itself holds the late one off
        answer.SetResult();
        await first;

        Assert.Equal((2, 1L, 1L), (desk.Model.Requests.Count, await desk.Clinic.OneAsync<long>("select count(*) from draft where kind = 'note'"), await desk.Clinic.OneAsync<long>("select count(*) from drafting where state = 'done' and attempts = 2")));
    }

    [Fact]
    public async Task AI_8_What_cannot_be_drafted_says_why_is_tried_again_by_a_button_and_a_chart_shut_meanwhile_is_not_sent()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        desk.Model.Says = _ => """{"statements":[]}""";
        await desk.AddAsync("[doctor] Good morning.\n[patient] Good morning, nice weather.");
        await desk.WorkAsync();

        Assert.Equal(("failed", "nothing_clinical"), await desk.ProgressAsync() is var ended ? ((string)ended["state"]!, (string)ended["failedWith"]!) : default);
        Assert.Contains("found anything in this transcript that belongs in a note", await desk.PageAsync(), StringComparison.Ordinal);
        desk.Model.Says = passages => ModelDouble.Statements(("HISTORY OF PRESENT ILLNESS", "Good morning, nice weather.", [passages[^1].Id]));
        var transcript = await desk.Clinic.OneAsync<Guid>("select id from transcript");
        Assert.Equal(202, (await desk.Desk.SendAsync($"/api/v1/transcripts/{transcript}/drafts", new { }, null, ClinicRole.Provider)).Status);
        await desk.WorkAsync();
        Assert.Equal("done", (string)(await desk.ProgressAsync())["state"]!);
        await desk.DiscardAsync();

        desk.Model.Requests.Clear();
        await desk.AddAsync();
        await desk.Clinic.RowsAsync<int>("insert into chart_restriction (patient_id, version, changed_by, changed_at) values (@patient, 1, @staff, now()) returning 1", new { patient = desk.Desk.Patient, staff = desk.Clinic.Actor(ClinicRole.Admin).Staff });

        await desk.WorkAsync();

        Assert.Equal((0, 1L), (desk.Model.Requests.Count, await desk.Clinic.OneAsync<long>("select count(*) from drafting where failed_with = 'not_theirs'")));
    }
}
