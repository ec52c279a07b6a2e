using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Outbox;
using Npgsql;

namespace Chartroom.BreakGlass;

public sealed class BreakGlassTests
{
    private const string Reason = "Collapsed in the waiting room, allergies needed";

    [Fact]
    public async Task ACC_12_A_restricted_chart_opens_for_its_care_team_only_and_in_an_emergency_for_60_minutes_with_a_reason_a_notice_and_a_review()
    {
        await using var desk = await RestrictedAsync();
        var (clinic, patient) = (desk.Clinic, desk.Patient);
        var (admin, provider) = (clinic.As(ClinicRole.Admin), clinic.As(ClinicRole.Provider));
        Assert.Equal(200, (await desk.ChartAsync(provider)).Status);   // of the team
        Assert.Equal((403, "charts.restricted"), await desk.ChartAsync(admin));
        Assert.Contains($"/patients/{patient}/break-glass", await (await admin.GetAsync($"/patients/{patient}/chart")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("refused", await clinic.OneAsync<string>("select min(outcome) from audit_event where role = 'admin' and action = 'patient.read' and @patient = any (patient_ids)", new { patient }));

        Assert.Equal((422, "break-glass.invalid"), await BreakAsync(admin, patient, "  short  "));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from break_glass"));
        Assert.Equal(201, (await BreakAsync(admin, patient, Reason)).Status);

        Assert.Equal(200, (await desk.ChartAsync(admin)).Status);
        Assert.Contains("Emergency access until 10:00 AM", await admin.GetStringAsync("/day"), StringComparison.Ordinal);   // 14:00 UTC is 09:00 at the clinic
        Assert.Contains("Emergency access until", await admin.GetStringAsync("/settings/clinic"), StringComparison.Ordinal);
        Assert.DoesNotContain("Emergency access until", await provider.GetStringAsync("/day"), StringComparison.Ordinal);
        Assert.Equal(["emergency"], await clinic.RowsAsync<string>("select distinct purpose from audit_event where action = 'chart.opened' and role = 'admin' and outcome = 'done'"));
        var mail = await desk.MailAsync();
        Assert.Equal($"{clinic.Actor(ClinicRole.Admin).Person.Value:N}@test.example", mail.Recipient);
        Assert.DoesNotContain("Stone", mail.Subject + mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Collapsed", mail.Subject + mail.Body, StringComparison.Ordinal);

        clinic.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(200, (await desk.ChartAsync(admin)).Status);   // keeps the session alive
        clinic.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(200, (await desk.ChartAsync(admin)).Status);
        clinic.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(200, (await desk.ChartAsync(admin)).Status);   // 59:59
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((403, "charts.restricted"), await desk.ChartAsync(admin));   // 60:00
        Assert.DoesNotContain("Emergency access until", await admin.GetStringAsync("/day"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACC_12_The_front_desk_reads_that_one_chart_writes_nothing_and_ends_it_by_the_button_at_once()
    {
        await using var desk = await RestrictedAsync();
        var (clinic, patient, front) = (desk.Clinic, desk.Patient, desk.Clinic.As(ClinicRole.FrontDesk));
        var other = await EnterAsync(clinic, "Omar", "Haddad");
        Assert.Equal((403, "platform.forbidden"), await desk.ChartAsync(front));
        var opened = await front.PostAsJsonAsync($"/api/v1/patients/{patient}/break-glass", new { reason = Reason });
        var access = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();

        Assert.Equal(201, (await BreakAsync(front, patient, Reason)).Status);   // once more: the same one
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from break_glass"));
        Assert.Equal(200, (await desk.ChartAsync(front)).Status);
        Assert.Equal(HttpStatusCode.OK, (await front.GetAsync($"/patients/{patient}/chart")).StatusCode);
        Assert.Equal((403, "charts.restricted"), await AskAsync(front.GetAsync($"/api/v1/patients/{other}/chart")));
        Assert.Equal((403, "platform.forbidden"), await AskAsync(front.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", new { })));
        Assert.Equal((403, "platform.forbidden"), await AskAsync(front.GetAsync("/api/v1/audit-events")));
        Assert.Equal((404, "break-glass.not-open"), await AskAsync(clinic.As(ClinicRole.Provider).PostAsync($"/api/v1/break-glass/{access}/end", null)));

        Assert.Equal(204, (await AskAsync(front.PostAsync($"/api/v1/break-glass/{access}/end", null))).Status);
        Assert.Equal((403, "platform.forbidden"), await desk.ChartAsync(front));
        Assert.Equal((404, "break-glass.not-open"), await AskAsync(front.PostAsync($"/api/v1/break-glass/{access}/end", null)));
    }

    [Fact]
    public async Task ACC_12_The_database_keeps_a_restricted_chart_from_others_whatever_the_application_asks()
    {
        await using var desk = await RestrictedAsync();
        var clinic = desk.Clinic;
        var (admin, provider) = (clinic.Actor(ClinicRole.Admin).Person.Value, clinic.Actor(ClinicRole.Provider).Person.Value);
        Assert.True(await clinic.OneAsync<long>("select count(*) from entry where patient_id = @Patient", new { desk.Patient }) > 0);

        foreach (var table in new[] { "entry", "entry_version", "draft", "transcript" })
        {
            var sql = $"select count(*) from {table} where patient_id = '{desk.Patient}'";
            Assert.Equal([0L], await clinic.RawAsync<long>(ClinicRole.Admin, sql));   // a transaction that names nobody
            await Assert.ThrowsAsync<PostgresException>(() => clinic.RawAsync<long>(ClinicRole.FrontDesk, sql));
            if (table is "transcript" or "draft") await Assert.ThrowsAsync<PostgresException>(() => clinic.RawAsync<byte[]>(ClinicRole.Emergency, $"select content from {table}"));
            else Assert.Equal([0L], await clinic.RawAsync<long>(ClinicRole.Emergency, sql));
        }
        Assert.Equal(0, await CountAsync(clinic, ClinicRole.Admin, admin));
        Assert.Equal(1, await CountAsync(clinic, ClinicRole.Provider, provider));
        foreach (var (sql, constraint) in new[]
        {
            ("insert into break_glass select gen_random_uuid(), @Patient, @provider, 'provider', gen_random_uuid(), '\\x00', 1, now(), now() + interval '61 minutes'", "break_glass_sixty_minutes"),
            ("insert into platform.emergency select gen_random_uuid(), @Clinic, @provider, gen_random_uuid(), now(), now() + interval '59 minutes'", "emergency_sixty_minutes"),
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => clinic.RowsAsync<int>(sql, new { desk.Patient, provider, Clinic = clinic.Id.Value }));
            Assert.Equal(constraint, refused.ConstraintName);
        }
    }

    private static Task<List<int>> AddAdminAsync(TestClinic clinic) =>
        clinic.RowsAsync<int>("insert into staff (id, display_name, role, has_account) values (gen_random_uuid(), 'Second Admin', 'admin', true) returning 1");

    [Fact]
    public async Task ACC_12_The_only_administrator_reviews_their_own_access_the_record_says_so_and_the_database_asks_for_another_as_soon_as_there_is_one()
    {
        await using var desk = await RestrictedAsync();
        var (clinic, patient, admin) = (desk.Clinic, desk.Patient, desk.Clinic.As(ClinicRole.Admin));
        await BreakAsync(admin, patient, Reason);
        var id = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/break-glass")).RootElement.GetProperty("accesses")[0].GetProperty("id").GetGuid();
        Assert.Contains("This access is your own", await admin.GetStringAsync($"/settings/break-glass/{id}"), StringComparison.Ordinal);
        Assert.Equal(204, (await ReviewAsync(admin, id, new { isJustified = true, note = "Nobody else was in the house" })).Status);

        var finding = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/break-glass")).RootElement.GetProperty("accesses")[0].GetProperty("finding");
        Assert.True(finding.GetProperty("isSelfReviewed").GetBoolean());
        Assert.Contains("Self-reviewed", await admin.GetStringAsync("/settings/break-glass"), StringComparison.Ordinal);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'break_glass.self-reviewed' and resource_id = @id", new { id }));

        await AskAsync(admin.PostAsync($"/api/v1/break-glass/{id}/end", null));
        await BreakAsync(admin, patient, Reason);
        var next = await clinic.OneAsync<Guid>("select id from break_glass where id <> @id", new { id });
        await AddAdminAsync(clinic);
        Assert.Equal((403, "break-glass.own-access"), await ReviewAsync(admin, next, new { isJustified = true, note = "Nobody else was in the house" }));
        foreach (var (isMarked, constraint) in new[] { (true, "break_glass_review_sole_admin"), (false, "break_glass_review_by_another") })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => clinic.RowsAsync<int>("""
                insert into break_glass_review (break_glass_id, patient_id, person_id, reviewed_by, is_self_reviewed, is_justified, content, key_version, reviewed_at)
                select id, patient_id, person_id, person_id, @isMarked, true, '\x00', 1, now() from break_glass where id = @next
                """, new { next, isMarked }));
            Assert.Equal(constraint, refused.ConstraintName);
        }
    }

    [Fact]
    public async Task ACC_12_Each_access_waits_in_the_queue_until_another_administrator_judges_it_and_the_record_is_never_changed()
    {
        await using var desk = await RestrictedAsync();
        var (clinic, patient, admin) = (desk.Clinic, desk.Patient, desk.Clinic.As(ClinicRole.Admin));
        Assert.Equal((409, "break-glass.not-needed"), await BreakAsync(clinic.As(ClinicRole.Provider), patient, Reason));
        await AddAdminAsync(clinic);
        await BreakAsync(clinic.As(ClinicRole.FrontDesk), patient, Reason);
        await desk.ChartAsync(clinic.As(ClinicRole.FrontDesk));
        await BreakAsync(admin, patient, Reason);
        Assert.Contains("2 emergency accesses wait", await admin.GetStringAsync("/day"), StringComparison.Ordinal);
        var queue = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/break-glass")).RootElement.GetProperty("accesses").EnumerateArray().ToList();
        var (own, theirs) = (queue[0].GetProperty("id").GetGuid(), queue[1].GetProperty("id").GetGuid());
        Assert.Equal((Reason, "front_desk"), (queue[1].GetProperty("reason").GetString(), queue[1].GetProperty("role").GetString()));
        Assert.True(queue[1].GetProperty("acts").GetInt64() >= 2);

        var judged = new { isJustified = false, note = "The paramedics had the list already" };
        Assert.Equal((403, "break-glass.own-access"), await ReviewAsync(admin, own, judged));
        Assert.Equal((403, "platform.forbidden"), await ReviewAsync(clinic.As(ClinicRole.Provider), theirs, judged));
        Assert.Equal((422, "break-glass.invalid-review"), await ReviewAsync(admin, theirs, new { note = "?" }));
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((403, "accounts.step-up-needed"), await ReviewAsync(admin, theirs, judged));
        await clinic.RowsAsync<int>("update platform.session set proved_at = @now where clinic_id = @Id", new { clinic.Id, now = clinic.Clock.GetUtcNow() });
        Assert.Equal(204, (await ReviewAsync(admin, theirs, judged)).Status);
        Assert.Equal((409, "break-glass.reviewed"), await ReviewAsync(admin, theirs, judged));
        Assert.Contains("One emergency access waits", await admin.GetStringAsync("/day"), StringComparison.Ordinal);
        Assert.Contains("Not justified", await admin.GetStringAsync("/settings/break-glass"), StringComparison.Ordinal);

        foreach (var table in new[] { "break_glass", "break_glass_end", "break_glass_review" })
            foreach (var verb in new[] { $"delete from {table}", $"truncate {table} cascade", $"update {table} set person_id = gen_random_uuid()" })
            {
                Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => clinic.RowsAsync<int>(verb))).SqlState);   // nor for who owns the server, without taking the triggers off
                foreach (var role in Enum.GetValues<ClinicRole>()) Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => clinic.RawAsync<int>(role, verb))).SqlState);
            }
        await clinic.RowsAsync<int>("update platform.emergency set reviewed_at = null where id = @theirs", new { theirs });   // as if a node had died before the mark
        await admin.GetStringAsync("/settings/break-glass");
        Assert.Contains("One emergency access waits", await admin.GetStringAsync("/day"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACC_12_Only_the_session_that_broke_the_glass_uses_it_and_a_changed_team_holds_at_once()
    {
        await using var desk = await RestrictedAsync();
        var (clinic, patient, admin) = (desk.Clinic, desk.Patient, desk.Clinic.As(ClinicRole.Admin));
        await BreakAsync(admin, patient, Reason);
        await clinic.RowsAsync<int>("update platform.emergency set session_id = gen_random_uuid() where clinic_id = @Id", new { clinic.Id });   // as if it had been another session
        Assert.Equal((403, "charts.restricted"), await desk.ChartAsync(admin));

        var team = new { team = new[] { clinic.Actor(ClinicRole.Admin).Person.Value } };
        Assert.Equal(412, (await PutAsync(admin, patient, 0, team)).Status);
        Assert.Equal((422, "break-glass.invalid-team"), await PutAsync(admin, patient, 1, new { team = new[] { clinic.Actor(ClinicRole.FrontDesk).Person.Value } }));
        Assert.Equal((403, "platform.forbidden"), await PutAsync(clinic.As(ClinicRole.Provider), patient, 1, team));
        Assert.Equal(204, (await PutAsync(admin, patient, 1, team)).Status);
        Assert.Equal((200, 403), ((await desk.ChartAsync(admin)).Status, (await desk.ChartAsync(clinic.As(ClinicRole.Provider))).Status));
        using var lift = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/patients/{patient}/restriction") { Headers = { { "If-Match", "\"2\"" } } };
        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendAsync(lift)).StatusCode);
        Assert.Equal(200, (await desk.ChartAsync(clinic.As(ClinicRole.Provider))).Status);
    }

    /// <summary>A clinic with one patient whose chart has an entry and opens for the provider alone.</summary>
    internal static async Task<Desk> RestrictedAsync(bool isOnTheNet = false)
    {
        var clinic = await TestClinic.OpenAsync(isOnTheNet: isOnTheNet);
        var patient = await EnterAsync(clinic, "Emma", "Stone");
        var added = await clinic.As(ClinicRole.Provider).PostAsJsonAsync($"/api/v1/patients/{patient}/entries", new { content = new { kind = "allergy", code = new { text = "Penicillin" } } });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(204, (await PutAsync(clinic.As(ClinicRole.Admin), patient, 0, new { team = new[] { clinic.Actor(ClinicRole.Provider).Person.Value } })).Status);
        return new(clinic, patient);
    }

    /// <summary>Restricts the chart to the provider; the front desk breaks the glass and ends it, the administrator reviews it.</summary>
    internal static async Task RestrictAndReviewAsync(TestClinic clinic, Guid patient)
    {
        Assert.Equal(204, (await PutAsync(clinic.As(ClinicRole.Admin), patient, 0, new { team = new[] { clinic.Actor(ClinicRole.Provider).Person.Value } })).Status);
        Assert.Equal(201, (await BreakAsync(clinic.As(ClinicRole.FrontDesk), patient, Reason)).Status);
        var access = await clinic.OneAsync<Guid>("select id from break_glass");
        Assert.Equal(204, (await AskAsync(clinic.As(ClinicRole.FrontDesk).PostAsync($"/api/v1/break-glass/{access}/end", null))).Status);
        Assert.Equal(204, (await ReviewAsync(clinic.As(ClinicRole.Admin), access, new { isJustified = true, note = "Right" })).Status);
    }

    internal sealed record Desk(TestClinic Clinic, Guid Patient) : IAsyncDisposable
    {
        public Task<(int Status, string? Code)> ChartAsync(HttpClient client) => AskAsync(client.GetAsync($"/api/v1/patients/{Patient}/chart"));

        public async Task<OutboxMessage> MailAsync()
        {
            await Clinic.The<OutboxWorker>().DrainAsync(null, default);
            return Assert.Single(Clinic.Mail.Sent, mail => mail.Recipient == $"{Clinic.Actor(ClinicRole.Admin).Person.Value:N}@test.example");   // other tests' clinics share the queue
        }

        public ValueTask DisposeAsync() => Clinic.DisposeAsync();
    }

    private static async Task<long> CountAsync(TestClinic clinic, ClinicRole role, Guid person)
    {
        await using var pipe = (await clinic.The<Platform.Database.DatabaseLogins>().OpenAsync(default)).AcceptAnyTextUnsafe();
        foreach (var sql in new[] { "begin", $"set local role {Platform.Tenancy.ClinicNames.Role(clinic.Id, role)}", $"set local search_path = {clinic.Schema}, pg_temp", $"set local app.person_id = '{person}'" }) pipe.Queue(sql);
        return (await pipe.QueryAsync<long>("select count(*) from entry", null, default)).Single();
    }

    private static Task<(int Status, string? Code)> BreakAsync(HttpClient client, Guid patient, string reason) =>
        AskAsync(client.PostAsJsonAsync($"/api/v1/patients/{patient}/break-glass", new { reason }));

    private static Task<(int Status, string? Code)> ReviewAsync(HttpClient client, Guid access, object ask) => AskAsync(client.PostAsJsonAsync($"/api/v1/break-glass/{access}/review", ask));

    private static async Task<(int Status, string? Code)> PutAsync(HttpClient client, Guid patient, int version, object ask)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/patients/{patient}/restriction") { Content = JsonContent.Create(ask), Headers = { { "If-Match", $"\"{version}\"" } } };
        return await AskAsync(client.SendAsync(request));
    }

    private static async Task<(int Status, string? Code)> AskAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }

    private static async Task<Guid> EnterAsync(TestClinic clinic, string given, string family)
    {
        var entered = await clinic.As(ClinicRole.FrontDesk).PostAsJsonAsync("/api/v1/patients", new { patient = new { name = new { given, family }, birthDate = "1990-05-06" }, confirmed = true });
        return JsonDocument.Parse(await entered.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
    }
}
