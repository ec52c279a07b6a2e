using System.Net;
using System.Text.Json;
using Chartroom.Platform.Audit;
using Chartroom.Transparency;

namespace Chartroom.AuditLog;

public sealed class VerifyLogTests
{
    [Fact]
    public async Task AUD_3_An_administrator_verifies_the_log_on_its_page_and_sees_who_did_last()
    {
        await using var log = await TamperedLog.MakeAsync(40);
        var browser = new TestBrowser(log.Clinic.As(ClinicRole.Admin));

        var before = await browser.OpenAsync("/settings/audit");
        Assert.Contains("Nobody has verified it", before.Html, StringComparison.Ordinal);
        Assert.Contains("<dd>40</dd>", before.Html, StringComparison.Ordinal);
        Assert.Contains(log.Clinic.The<AuditKeys>().Log.Verifier.Text, WebUtility.HtmlDecode(before.Html), StringComparison.Ordinal);
        var verified = await browser.PostAsync("/settings/audit/verify");

        Assert.Matches("40 rows and [0-9]+ signed heads were read and agree", verified.Html);   // one head, or more where another test's transaction held the sealer up
        Assert.Contains("Last verified Mar 2, 2026", verified.Html, StringComparison.Ordinal);
        Assert.Equal("done", await log.Clinic.OneAsync<string>("select outcome from audit_event where action = 'audit.verified'"));
    }

    [Fact]
    public async Task AUD_3_A_row_that_somebody_changed_is_named_on_the_page_and_by_the_api_and_the_finding_is_itself_an_event()
    {
        await using var log = await TamperedLog.MakeAsync(40);
        var touched = await TamperedLog.Classes["edit"](log);
        var browser = new TestBrowser(log.Clinic.As(ClinicRole.Admin));

        var found = await browser.PostAsync("/settings/audit/verify");

        Assert.Contains("Not intact.", found.Html, StringComparison.Ordinal);
        Assert.All(touched.Rows, row => Assert.Contains(row.ToString(), found.Html, StringComparison.Ordinal));
        Assert.Contains("/audit?from=2026-03-02&amp;to=2026-03-02", found.Html, StringComparison.Ordinal);
        using var answer = await log.Clinic.As(ClinicRole.Admin).PostAsync("/api/v1/audit/log/verifications", null);
        var verification = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.False(verification.GetProperty("isIntact").GetBoolean());
        Assert.Equal(touched.Rows.Order(), verification.GetProperty("findings").EnumerateArray().Select(it => it.GetProperty("eventId").GetGuid()).Distinct().Order());
        Assert.Equal(2, await log.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'audit.found-altered'"));
    }

    [Fact]
    public async Task AUD_3_Every_event_is_proved_against_the_head_that_was_signed_and_witnessed()
    {
        await using var log = await TamperedLog.MakeAsync(43);
        var admin = log.Clinic.As(ClinicRole.Admin);
        var state = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/audit/log")).RootElement;
        var (logKey, witnessKey) = (NoteVerifier.Parse(state.GetProperty("logKey").GetString()!), NoteVerifier.Parse(state.GetProperty("witnessKey").GetString()!));
        var events = await log.Clinic.RowsAsync<Guid>("select event_id from audit_leaf order by position");

        foreach (var (position, id) in events.Index().Where(it => it.Index % 6 == 0))
        {
            var proof = JsonSerializer.Deserialize<EventProof>(await admin.GetStringAsync($"/api/v1/audit/{id}/proof"), JsonSerializerOptions.Web)!;
            Assert.Equal((id, position, 43), (proof.EventId, proof.Position, proof.Size));
            Assert.True(MerkleTree.VerifyInclusion(proof.Position, proof.Size, proof.LeafHash, proof.Path, proof.Root));
            Assert.True(Checkpoint.TryParse(proof.Note, out var head));
            Assert.Equal(head.Root, proof.Root);
            Assert.True(head.IsSignedBy(logKey, proof.Note));
            Assert.Equal(state.GetProperty("head").GetProperty("witnessedAt").GetDateTimeOffset(), head.CosignedAt(witnessKey, proof.Note));
        }
    }

    [Fact]
    public async Task An_event_that_is_not_sealed_yet_or_another_clinics_is_not_proved()
    {
        await using var log = await TamperedLog.MakeAsync(5);
        await using var other = await TamperedLog.MakeAsync(5);
        var admin = log.Clinic.As(ClinicRole.Admin);
        await log.WriteAsync(1);
        var fresh = await log.Clinic.OneAsync<Guid>("select id from audit_event where id not in (select event_id from audit_leaf)");
        var theirs = (await other.Clinic.RowsAsync<Guid>("select event_id from audit_leaf"))[0];

        Assert.Equal(HttpStatusCode.Conflict, (await admin.GetAsync($"/api/v1/audit/{fresh}/proof")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/v1/audit/{theirs}/proof")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/v1/audit/{Guid.CreateVersion7()}/proof")).StatusCode);
    }

    [Theory]
    [InlineData(ClinicRole.FrontDesk), InlineData(ClinicRole.Provider)]
    public async Task Only_admins_see_how_the_log_stands(ClinicRole role)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var client = clinic.As(role);

        foreach (var path in new[] { "/settings/audit", "/api/v1/audit/log", $"/api/v1/audit/{Guid.CreateVersion7()}/proof" })
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/v1/audit/log/verifications", null)).StatusCode);
    }
}
