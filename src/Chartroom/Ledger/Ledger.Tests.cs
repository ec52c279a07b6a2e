using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;
using Npgsql;

namespace Chartroom.Ledger;

public sealed class LedgerTests
{
    /// <summary>One row at least in every table of this capability, for tests that read all there is.</summary>
    internal static async Task FillAsync(TestClinic clinic, PatientId patient)
    {
        using var desk = clinic.As(ClinicRole.FrontDesk);
        using var admin = clinic.As(ClinicRole.Admin);
        Assert.Equal(HttpStatusCode.Created, (await desk.PostAsJsonAsync($"/api/v1/patients/{patient}/charges", new { cents = 12000, what = "Copy of records" })).StatusCode);
        using var rules = new HttpRequestMessage(HttpMethod.Put, "/api/v1/ledger/rules")
        {
            Content = JsonContent.Create(new { currency = "USD", usualCharges = new[] { new { visitTypeId = await clinic.OneAsync<Guid>("select id from visit_type where is_active order by id limit 1"), cents = 9000 } } }),
        };
        rules.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendAsync(rules)).StatusCode);
        await CheckedAsync(clinic);
    }

    /// <summary>What the night does.</summary>
    private static Task CheckedAsync(TestClinic clinic) => clinic.The<Housekeeping>().TidyClinicAsync(clinic.Id, default);

    private static Task<Reply> PostAsync(SchedulingDesk desk, string act, object body, ClinicRole role = ClinicRole.FrontDesk) =>
        desk.SendAsync($"/api/v1/patients/{desk.Patient}/{act}", body, null, role);

    private static Task<Reply> ReverseAsync(SchedulingDesk desk, JsonNode posting, ClinicRole role = ClinicRole.FrontDesk) =>
        desk.SendAsync($"/api/v1/postings/{posting["id"]}/reversal", new { reason = "Typed wrongly" }, null, role);

    private static async Task<long> OwedAsync(SchedulingDesk desk) => (long)(await desk.GetAsync($"/api/v1/patients/{desk.Patient}/account"))["balanceCents"]!;

    [Fact]
    public async Task B5_What_is_charged_paid_written_off_given_back_and_reversed_adds_up_and_stands_in_two_lines_each()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        var charge = await PostAsync(desk, "charges", new { cents = 12000, visitId = visit["id"]!.ToString() });
        Assert.Equal((201, 12000L, 12000L, 1L, "USD"), (charge.Status, (long)charge.Body["cents"]!, (long)charge.Body["balanceCents"]!, (long)charge.Body["number"]!, (string)charge.Body["currency"]!));
        var payment = await PostAsync(desk, "payments", new { cents = 15000, method = "check", reference = "No. 1044" });
        Assert.Equal((201, -3000L), (payment.Status, (long)payment.Body["balanceCents"]!));
        Assert.Equal(201, (await PostAsync(desk, "refunds", new { cents = 2000, method = "cash", reason = "Paid too much" }, ClinicRole.Admin)).Status);
        Assert.Equal(201, (await PostAsync(desk, "charges", new { cents = 5000, what = "Form for the school" })).Status);
        Assert.Equal(201, (await PostAsync(desk, "adjustments", new { cents = 1500, reason = "Hardship" }, ClinicRole.Admin)).Status);
        Assert.Equal(2500, await OwedAsync(desk));
        Assert.Equal(201, (await ReverseAsync(desk, payment.Body)).Status);
        Assert.Equal(17500, await OwedAsync(desk));

        Assert.Equal((6L, 12L, 0L), await desk.Clinic.OneAsync<(long, long, long)>("select (select count(*) from posting), count(*), sum(cents)::bigint from posting_line"));
        Assert.Equal("check: -15000 receivable: 15000", await desk.Clinic.OneAsync<string>("""
            select string_agg(account || ': ' || cents, ' ' order by account) from posting_line join posting on posting.id = posting_id where kind = 'reversal'
            """));
        Assert.Equal("adjustment.posted charge.posted payment.taken posting.reversed refund.given", await desk.Clinic.OneAsync<string>("""
            select string_agg(distinct action, ' ' order by action) from audit_event where outcome = 'done' and action in ('adjustment.posted', 'charge.posted', 'payment.taken', 'posting.reversed', 'refund.given')
                and patient_ids = array[(select id from patient)]
            """));
        var account = await desk.GetAsync($"/api/v1/patients/{desk.Patient}/account");
        Assert.Equal([6, 5, 4, 3, 2, 1], account["postings"]!.AsArray().Select(it => (int)it!["number"]!));
        Assert.Equal("No. 1044", (string)account["postings"]![4]!["reference"]!);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from posting where encode(content, 'escape') like '%1044%' or encode(content, 'escape') like '%Hardship%'"));
    }

    [Theory]
    [InlineData("charges", """{"cents":0,"what":"x"}""", 422, "ledger.invalid-posting"), InlineData("charges", """{"cents":1000000001,"what":"x"}""", 422, "ledger.invalid-posting")]
    [InlineData("charges", """{"cents":100}""", 422, "ledger.invalid-posting")]   // for nothing
    [InlineData("charges", """{"cents":100,"visitId":"0197a000-0000-7000-8000-000000000001"}""", 422, "ledger.unknown-visit")]
    [InlineData("adjustments", """{"cents":100,"reason":"x"}""", 409, "ledger.too-much")]   // nothing is owed
    [InlineData("refunds", """{"cents":100,"method":"cash","reason":"x"}""", 409, "ledger.too-much")]   // nothing was paid
    [InlineData("adjustments", """{"cents":100,"reason":" "}""", 422, "ledger.invalid-posting")]
    public async Task What_cannot_be_posted_is_refused_and_leaves_no_trace_and_no_gap(string act, string body, int status, string code)
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        var refused = await PostAsync(desk, act, JsonNode.Parse(body)!, ClinicRole.Admin);

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Equal((0L, 0L, 1L), await desk.Clinic.OneAsync<(long, long, long)>("select (select count(*) from posting), (select count(*) from posting_line), next from counter where name = 'posting'"));
    }

    [Fact]
    public async Task The_desk_posts_charges_and_payments_the_provider_reads_and_what_is_written_off_or_given_back_is_an_administrators()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        Assert.Equal(403, (await PostAsync(desk, "charges", new { cents = 100, what = "x" }, ClinicRole.Provider)).Status);
        Assert.Equal(201, (await PostAsync(desk, "charges", new { cents = 10000, what = "x" })).Status);
        foreach (var act in new[] { "adjustments", "refunds" }) Assert.Equal(403, (await PostAsync(desk, act, new { cents = 100, method = "cash", reason = "x" })).Status);
        var off = await PostAsync(desk, "adjustments", new { cents = 4000, reason = "x" }, ClinicRole.Admin);
        var refused = await ReverseAsync(desk, off.Body);
        Assert.Equal((403, "ledger.admin-only"), (refused.Status, refused.Code));
        Assert.Equal(6000, (long)(await desk.GetAsync($"/api/v1/patients/{desk.Patient}/account", ClinicRole.Provider))["balanceCents"]!);
        using (var front = desk.FrontDesk)
            foreach (var path in new[] { "/settings/ledger", "/settings/ledger/day.csv", "/api/v1/ledger/day", "/api/v1/ledger/check" }) Assert.Equal(HttpStatusCode.Forbidden, (await front.GetAsync(path)).StatusCode);

        // The database holds the same line, whatever the program does.
        var denied = await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.FrontDesk, $"""
            with it as (insert into posting (id, number, patient_id, kind, currency, posted_at, posted_on, posted_by)
                values ('{Guid.CreateVersion7()}', 99, '{desk.Patient}', 'adjustment', 'USD', now(), now()::date, '{desk.Provider}') returning id)
            insert into posting_line (posting_id, account, patient_id, number, cents)
            select id, 'receivable', '{desk.Patient}'::uuid, 99, -100 from it union all select id, 'write_off', null, null, 100 from it
            """));
        Assert.Equal("42501", denied.SqlState);
    }

    [Theory]   // one side alone, sides that differ, the wrong account, too many lines, a reversal that mirrors nothing
    [InlineData("charge", "null", "('receivable', 100)"), InlineData("charge", "null", "('receivable', 100), ('income', -99)"), InlineData("charge", "null", "('receivable', 100), ('cash', -100)")]
    [InlineData("charge", "null", "('receivable', -100), ('income', 100)"), InlineData("payment", "'cash'", "('receivable', -100), ('card', 100)"), InlineData("refund", "'cash'", "('receivable', -100), ('cash', 100)")]
    [InlineData("charge", "null", "('receivable', 100), ('income', -60), ('cash', -40)"), InlineData("adjustment", "null", "('receivable', -100), ('income', 100)"), InlineData("charge", "null", "")]
    public async Task B5_The_database_refuses_a_posting_that_does_not_balance_or_is_not_what_it_says(string kind, string method, string lines)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>($"""
            with it as (insert into posting (id, number, patient_id, kind, method, currency, posted_at, posted_on, posted_by)
                values (gen_random_uuid(), 1, @Patient, '{kind}', {method}, 'USD', now(), now()::date, @Provider) returning id)
            insert into posting_line (posting_id, account, patient_id, number, cents)
            select it.id, line.account, case line.account when 'receivable' then @Patient end, case line.account when 'receivable' then 1 end, line.cents
            from it, (values {(lines.Length > 0 ? lines : "('income', 1)")}) as line (account, cents) where {(lines.Length > 0 ? "true" : "false")} returning 1
            """, new { desk.Patient, desk.Provider }));

        Assert.Equal("posting_balances", error.ConstraintName);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from posting"));
    }

    [Fact]
    public async Task B5_Nothing_that_was_posted_is_changed_deleted_or_added_to_not_even_by_who_owns_the_server()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await PostAsync(desk, "charges", new { cents = 100, what = "x" });
        foreach (var sql in new[]
        {
            "update posting set patient_id = patient_id returning 1", "update posting set content = '' returning 1", "delete from posting returning 1", "update posting_line set cents = 200 returning 1",
            "delete from posting_line returning 1", "truncate posting_line", "truncate posting cascade",
            "insert into posting_line (posting_id, account, cents) select id, 'cash', 5 from posting returning 1", "update ledger_rules set currency = 'EUR' returning 1",
        })
            await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>(sql));
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk, ClinicRole.System })
            foreach (var sql in new[] { "delete from posting where false", "update posting_line set cents = 1 where false", "update posting set number = 7 where false" })
                Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RawAsync<int>(role, sql))).SqlState);
    }

    [Fact]
    public async Task B5_Ten_desks_reverse_one_posting_at_once_and_exactly_one_does()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var charge = (await PostAsync(desk, "charges", new { cents = 12000, what = "x" })).Body;

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ReverseAsync(desk, charge)));

        Assert.Equal(1, replies.Count(reply => reply.Status == 201));
        Assert.Equal(9, replies.Count(reply => (reply.Status, reply.Code) == (409, "ledger.reversed")));
        Assert.Equal((2L, 0L, 3L), await desk.Clinic.OneAsync<(long, long, long)>("select count(*), (select sum(cents)::bigint from posting_line), (select next from counter where name = 'posting') from posting"));
        var again = await ReverseAsync(desk, replies.Single(reply => reply.Status == 201).Body);
        Assert.Equal((409, "ledger.is-reversal"), (again.Status, again.Code));
    }

    [Fact]
    public async Task The_same_payment_sent_twice_is_posted_once_by_form_and_by_api()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await PostAsync(desk, "charges", new { cents = 12000, what = "x" });
        var browser = new TestBrowser(desk.FrontDesk);
        var form = await browser.OpenAsync($"/patients/{desk.Patient}/account/payment");
        var key = form.Hidden("idempotency_key");
        Assert.Contains("value=\"120.00\"", form.Html, StringComparison.Ordinal);   // what is owed is offered
        for (var click = 0; click < 2; click++)
        {
            var taken = await browser.PostAsync($"/patients/{desk.Patient}/account/payment", ("idempotency_key", key), ("amount", "$45.50"), ("paidBy", "card"));
            Assert.StartsWith($"/patients/{desk.Patient}/account?posted=payment&posting=", taken.Location, StringComparison.Ordinal);
        }
        Assert.Equal(12000 - 4550, await OwedAsync(desk));

        using var client = desk.FrontDesk;
        client.DefaultRequestHeaders.Add("Idempotency-Key", "terminal-slip-7");
        var answers = new[] { await client.PostAsJsonAsync($"/api/v1/patients/{desk.Patient}/payments", new { cents = 1000, method = "cash" }), await client.PostAsJsonAsync($"/api/v1/patients/{desk.Patient}/payments", new { cents = 1000, method = "cash" }) };
        Assert.Equal(await answers[0].Content.ReadAsStringAsync(), await answers[1].Content.ReadAsStringAsync());
        Assert.Equal(12000 - 4550 - 1000, await OwedAsync(desk));
    }

    [Theory]
    [InlineData("45", 4500L), InlineData("45.5", 4550L), InlineData(" $1,250.00 ", 125000L), InlineData("0.01", 1L), InlineData("10000000", 1000000000L), InlineData("€5", 500L)]
    [InlineData("0", null), InlineData("-5", null), InlineData("45.505", null), InlineData("10000000.01", null), InlineData("1e3", null), InlineData("", null), InlineData("forty", null), InlineData("99999999999999999999999999999", null)]
    public void An_amount_is_read_as_people_write_it_or_not_at_all(string text, long? cents) => Assert.Equal(cents, Money.Parse(text));

    [Theory]
    [InlineData(4500L, "Owes $45.00", "$45.00"), InlineData(-125050L, "Credit $1,250.50", "−$1,250.50"), InlineData(0L, null, "$0.00"), InlineData(1L, "Owes $0.01", "$0.01")]
    public void What_is_owed_is_said_in_words_and_nothing_at_zero(long cents, string? words, string text) => Assert.Equal((words, text), (Money.Balance(cents, "USD"), Money.Text(cents, "USD")));

    [Theory]   // every invariant after every step, whatever the dice do
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task B5_Whatever_is_posted_in_whatever_order_the_books_balance_after_every_step(int seed)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (dice, other) = (new Random(seed), await desk.AdmitAsync("Kim", "Ro"));
        PatientId[] patients = [desk.Patient, other];
        var (owed, paid, open) = (new Dictionary<PatientId, long> { [patients[0]] = 0, [patients[1]] = 0 }, new Dictionary<PatientId, long> { [patients[0]] = 0, [patients[1]] = 0 }, new List<(Guid Id, PatientId Patient, string Kind, long Cents)>());
        var posted = 0L;
        for (var step = 0; step < 60; step++)
        {
            var (patient, cents) = (patients[dice.Next(2)], (long)dice.Next(1, 20000));
            var kind = new[] { "charges", "payments", "adjustments", "refunds", "reversal" }[dice.Next(5)];
            if (kind == "reversal")
            {
                if (open.Count == 0) continue;
                var was = open[dice.Next(open.Count)];
                var reversed = await desk.SendAsync($"/api/v1/postings/{was.Id}/reversal", new { reason = "x" }, null, ClinicRole.Admin);
                Assert.Equal((201, -was.Cents), (reversed.Status, (long)reversed.Body["cents"]!));
                owed[was.Patient] -= was.Cents;
                if (was.Kind is "payments" or "refunds") paid[was.Patient] += was.Cents;
                open.Remove(was);
            }
            else
            {
                var reply = await desk.SendAsync($"/api/v1/patients/{patient}/{kind}", new { cents, what = "x", method = "card", reason = "x" }, null, ClinicRole.Admin);
                if (kind == "adjustments" && cents > owed[patient] || kind == "refunds" && cents > paid[patient])
                {
                    Assert.Equal((409, "ledger.too-much"), (reply.Status, reply.Code));
                    continue;
                }
                Assert.Equal(201, reply.Status);
                var effect = kind is "charges" or "refunds" ? cents : -cents;
                owed[patient] += effect;
                if (kind is "payments" or "refunds") paid[patient] -= effect;
                open.Add(((Guid)reply.Body["id"]!, patient, kind, effect));
                Assert.Equal(owed[patient], (long)reply.Body["balanceCents"]!);
            }
            posted++;
            Assert.Equal((posted, posted, 0L, 0L, owed[patients[0]], owed[patients[1]]), await desk.Clinic.OneAsync<(long, long, long, long, long, long)>("""
                select (select count(*) from posting), (select max(number) from posting), (select count(*) from posting_fault), (select sum(cents)::bigint from posting_line),
                    (select coalesce(sum(cents), 0)::bigint from posting_line where patient_id = @one), (select coalesce(sum(cents), 0)::bigint from posting_line where patient_id = @other)
                """, new { one = patients[0], other = patients[1] }));
        }
        Assert.True(posted > 25, "The dice did nothing.");
        Assert.True((await desk.GetAsync("/api/v1/ledger/check", ClinicRole.Admin))["isRight"]!.GetValue<bool>());
    }

    [Fact]
    public async Task B5_The_nightly_check_stands_in_the_settings_once_a_day_and_tells_of_a_row_that_is_gone_and_of_cents_that_were_changed()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        foreach (var cents in new[] { 100, 200, 300 }) await PostAsync(desk, "charges", new { cents, what = "x" });
        await CheckedAsync(desk.Clinic);
        await CheckedAsync(desk.Clinic);
        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));
        Assert.Contains("3 postings, all right", (await admin.OpenAsync("/settings/ledger")).Html, StringComparison.Ordinal);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from ledger_check"));

        // Somebody who owns the server takes the walls down first.
        await desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", "alter table posting_line disable trigger user", "update posting_line set cents = -150 where account = 'income' and cents = -100", "alter table posting_line enable trigger user"]);
        await desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", "set session_replication_role = replica", "delete from posting where number = 2", "delete from posting_line where posting_id not in (select id from posting)"]);
        desk.Clinic.Clock.Advance(TimeSpan.FromDays(1));
        await CheckedAsync(desk.Clinic);

        Assert.Equal((2L, 1L, 1L, -50m), await desk.Clinic.OneAsync<(long, long, long, decimal)>("select postings, faults, missing, total_cents from ledger_check order by checked_on desc limit 1"));
    }

    [Fact]
    public async Task A_days_file_has_the_rows_of_the_screen_is_protected_from_formulas_and_takings_are_told_by_method()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await PostAsync(desk, "charges", new { cents = 20000, what = "=HYPERLINK(\"http://x\")" });
        await PostAsync(desk, "payments", new { cents = 5000, method = "cash" });
        var card = await PostAsync(desk, "payments", new { cents = 7000, method = "card", reference = "Slip 9" });
        await ReverseAsync(desk, card.Body);
        await PostAsync(desk, "payments", new { cents = 6000, method = "card" });
        await PostAsync(desk, "refunds", new { cents = 1000, method = "cash", reason = "Paid too much" }, ClinicRole.Admin);

        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));
        var page = (await admin.OpenAsync("/settings/ledger?date=2026-03-02")).Html;
        using var client = desk.Clinic.As(ClinicRole.Admin);
        var lines = (await client.GetStringAsync("/settings/ledger/day.csv?date=2026-03-02")).TrimStart('\uFEFF').Trim().Split('\n');

        Assert.Equal("Number,Time,Patient,What,Amount,Said with it,By", lines[0].Trim());
        Assert.Equal(7, lines.Length);
        Assert.Equal(6, page.Split("data-label=\"Number\"").Length - 1);
        Assert.DoesNotContain(lines, line => line.Contains(",=HYPER", StringComparison.Ordinal) || line.Contains("\"=HYPER", StringComparison.Ordinal));
        Assert.Contains("Sums to zero", page, StringComparison.Ordinal);
        var day = await desk.GetAsync("/api/v1/ledger/day?date=2026-03-02", ClinicRole.Admin);
        Assert.Equal("cash 5000 1000 4000, card 6000 0 6000", string.Join(", ", day["takings"]!.AsArray().Select(it => $"{it!["account"]} {it["inCents"]} {it["outCents"]} {it["cents"]}")));
        Assert.Equal(0, day["trialBalance"]!.AsArray().Sum(it => (long)it!["cents"]!));
        Assert.Equal("ledger-2026-03-02.csv", (await client.GetAsync("/api/v1/ledger/day.csv?date=2026-03-02")).Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task The_currency_is_chosen_while_nothing_is_posted_and_then_stays_and_usual_charges_are_offered_but_never_posted()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));
        Assert.Equal("/settings/ledger?saved=true", (await admin.PostAsync("/settings/ledger", ("version", "1"), ("currency", "GBP"), ("charges[0].visitTypeId", $"{desk.VisitType}"), ("charges[0].amount", "120"))).Location);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync("/settings/ledger", ("version", "1"), ("currency", "EUR"))).Status);
        Assert.NotEqual("", (await admin.PostAsync("/settings/ledger", ("version", "2"), ("currency", "GBP"), ("charges[0].visitTypeId", $"{desk.VisitType}"), ("charges[0].amount", "12.345"))).ErrorOf("charges[0].amount"));

        var visit = await desk.BookedAsync("2026-03-02", "09:15");
        foreach (var (to, role) in new[] { ("arrived", ClinicRole.FrontDesk), ("in_progress", ClinicRole.Provider), ("ready_for_checkout", ClinicRole.Provider) })
            visit = (await desk.ChangeAsync(visit, "status", new { status = to }, role)).Body;
        var front = new TestBrowser(desk.FrontDesk);
        Assert.Contains("Charge £120.00", (await front.OpenAsync($"/visits/{visit["id"]}/panel")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Charge £", (await new TestBrowser(desk.Clinic.As(ClinicRole.Provider)).OpenAsync($"/visits/{visit["id"]}/panel")).Html, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from posting"));
        var form = await front.OpenAsync($"/patients/{desk.Patient}/account/charge?visit={visit["id"]}&then=/visits/{visit["id"]}");
        Assert.Contains("value=\"120.00\"", form.Html, StringComparison.Ordinal);
        var charged = await front.PostAsync($"/patients/{desk.Patient}/account/charge?then=/visits/{visit["id"]}", ("amount", "120.00"), ("visitId", form.Hidden("visitId")));
        Assert.StartsWith($"/visits/{visit["id"]}?posted=charge&posting=", charged.Location, StringComparison.Ordinal);
        var after = (await front.OpenAsync(charged.Location!)).Html;
        Assert.Contains("Charged.", after, StringComparison.Ordinal);
        Assert.DoesNotContain("Charge £120.00", after, StringComparison.Ordinal);   // once is enough

        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync("/settings/ledger", ("version", "2"), ("currency", "USD"))).Status);
        Assert.Equal("GBP", await desk.Clinic.OneAsync<string>("select currency from ledger_rules"));
    }

    [Fact]
    public async Task A_receipt_names_clinic_date_method_amount_and_balance_and_not_why_the_patient_came()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        var charge = await PostAsync(desk, "charges", new { cents = 12000, visitId = visit["id"]!.ToString(), what = "Knee injection" });
        var payment = await PostAsync(desk, "payments", new { cents = 7500, method = "check", reference = "No. 1044", visitId = visit["id"]!.ToString() });
        using var client = desk.FrontDesk;

        var receipt = await client.GetStringAsync($"/postings/{payment.Body["id"]}/receipt");

        foreach (var said in new[] { "Test Clinic", "Main Street", "Mar 2, 2026", "Jo Lee", "Check", "No. 1044", "$75.00 USD", "Owes $45.00" }) Assert.Contains(said, receipt, StringComparison.Ordinal);
        foreach (var unsaid in new[] { "Knee", "Follow-up" }) Assert.DoesNotContain(unsaid, receipt, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/postings/{charge.Body["id"]}/receipt")).StatusCode);
    }

    [Fact]
    public async Task Board_and_day_tell_what_is_owed_the_wall_screen_does_not_and_other_screens_hear_of_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-02", "10:00");
        using var client = desk.FrontDesk;
        Assert.DoesNotContain("Owes", await client.GetStringAsync("/board"), StringComparison.Ordinal);
        using var listener = desk.Clinic.The<Platform.News.NewsDesk>().Listen(desk.Clinic.Id);

        await PostAsync(desk, "charges", new { cents = 4500, what = "x" });

        Assert.True(listener.News.TryRead(out var news) && news.Topic == "calendar");
        Assert.Contains("Owes $45.00", await client.GetStringAsync("/board"), StringComparison.Ordinal);
        Assert.Contains("\"balance\":\"Owes $45.00\"", await client.GetStringAsync("/day?date=2026-03-02"), StringComparison.Ordinal);
        Assert.DoesNotContain("45.00", await client.GetStringAsync("/board?wall=true"), StringComparison.Ordinal);
        await PostAsync(desk, "payments", new { cents = 5500, method = "cash" });
        Assert.Contains("Credit $10.00", await client.GetStringAsync("/board/now"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_of_many_postings_comes_in_parts_and_each_tells_the_balance_after_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await using (var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.Admin), Permission.PostPayments, default))
        {
            await LedgerBook.AddEarlierAsync(tx, [.. Enumerable.Range(0, 60).Select(at => new EarlierPosting(desk.Patient, new(PostingKind.Payment, 100, PaymentMethod.Cash), tx.Now.AddDays(at - 80)))], default);
            await tx.CommitAsync(default);
        }
        var first = await desk.GetAsync($"/api/v1/patients/{desk.Patient}/account");
        var second = await desk.GetAsync($"/api/v1/patients/{desk.Patient}/account?before={first["next"]}");

        Assert.Equal((50, -6000L, -5900L), (first["postings"]!.AsArray().Count, (long)first["balanceCents"]!, (long)first["postings"]![1]!["balanceCents"]!));
        Assert.Equal((10, null, -100L), (second["postings"]!.AsArray().Count, (string?)second["next"], (long)second["postings"]![9]!["balanceCents"]!));
        Assert.Equal(Enumerable.Range(1, 60).Reverse(), first["postings"]!.AsArray().Concat(second["postings"]!.AsArray()).Select(it => int.Parse(it!["number"]!.ToString(), CultureInfo.InvariantCulture)));
        var page = (await new TestBrowser(desk.FrontDesk).OpenAsync($"/patients/{desk.Patient}/account")).Html;
        Assert.Contains("Credit $60.00", page, StringComparison.Ordinal);
        Assert.Contains($"before={first["next"]}", page, StringComparison.Ordinal);
    }
}
