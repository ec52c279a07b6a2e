using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>The whole way from what was said to a note in the chart, over HTTP and PostgreSQL.</summary>
public sealed class ReviewTests
{
    [Fact]
    public async Task AI_4_What_was_said_becomes_a_note_in_the_chart_after_every_statement_was_decided()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);
        var signed = await desk.SignAsync(draft);

        Assert.Equal((201, null), (signed.Status, signed.Code));
        var note = await desk.GetAsync($"/api/v1/notes/{signed.Body["noteId"]}", ClinicRole.Admin);
        var text = string.Join("\n", note["now"]!["sections"]!.AsArray().Select(section => (string?)section!["text"]));
        Assert.Contains("penicillin", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("reviewed and signed by Dr. Ada Hart", (string?)note["now"]!["provenance"]![0], StringComparison.Ordinal);
        var chart = await desk.PageAsync($"/patients/{desk.Patient}/chart/notes", ClinicRole.Provider);
        Assert.Contains("Follow-up note", chart, StringComparison.Ordinal);
        Assert.Equal(("final", 1, desk.Provider.Value), await desk.Clinic.OneAsync<(string, int, Guid)>("select state, version, author_id from entry where kind = 'note'"));
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'note.signed' and outcome = 'done' and cardinality(patient_ids) = 1"));
        var page = await desk.PageAsync($"/notes/{signed.Body["noteId"]}", ClinicRole.Provider);
        Assert.Contains("drafted by the built-in drafter", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AI_5_A_draft_keeps_its_sources_confidence_drafter_decisions_reasons_and_edits()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var first = draft["statements"]!.AsArray().First(it => !(bool)it!["isFlagged"]!)!;
        await desk.DecideAsync(draft, (int)first["number"]!, "rejected", reason: "not relevant", seconds: 7);

        Assert.Equal("built-in", (string?)draft["drafter"]);
        Assert.Equal("1", (string?)draft["policyVersion"]);
        Assert.All(draft["statements"]!.AsArray(), it => Assert.NotEmpty(it!["citations"]!.AsArray()));
        Assert.All(draft["statements"]!.AsArray(), it => Assert.InRange((double)it!["verdict"]!["confidence"]!, 0, 1));
        Assert.Equal(("rejected", 1, 7), await desk.Clinic.OneAsync<(string, int, int)>("select kind, sequence, seconds_spent from decision"));
        foreach (var tamper in new[] { "update decision set kind = 'accepted'", "delete from decision", "update draft set content = ''", "update transcript set content = ''", "delete from draft" })
            Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Provider, tamper))).SqlState);
    }

    [Fact]
    public async Task AI_5_Nothing_is_decided_before_somebody_decides_it()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var page = await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider);

        Assert.All(draft["statements"]!.AsArray(), it => Assert.Equal("waiting", (string?)it!["standing"]));
        var review = page[page.IndexOf("id=\"review\"", StringComparison.Ordinal)..page.IndexOf("</aside>", StringComparison.Ordinal)];
        Assert.DoesNotMatch("<input[^>]*(checked|checkbox|radio)", review);
        Assert.Contains($"<strong>0 of {draft["statements"]!.AsArray().Count}</strong> decided", page, StringComparison.Ordinal);
        Assert.Matches("<button[^>]*disabled[^>]*>(?s:.){0,600}Sign note", page);
        Assert.Equal((409, "scribe.undecided"), await desk.SignAsync(draft) is var refused ? (refused.Status, refused.Code) : default);
        Assert.Equal((0, 0), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from decision), (select count(*) from entry)"));
    }

    [Fact]
    public async Task AI_5_The_database_itself_refuses_a_signed_draft_with_an_undecided_statement()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);

        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.SignBehindItAsync(draft));

        Assert.Equal("draft_signed_decided", error.ConstraintName);
        Assert.Equal((422, "charts.kind-not-written-here"), await desk.WriteNoteByHandAsync());   // and no door of the chart takes a note by hand
    }

    [Fact]
    public async Task AI_6_A_flagged_statement_is_looked_at_before_it_can_be_accepted_and_an_edit_that_invents_a_number_is_flagged_again()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var plain = (int)draft["statements"]!.AsArray().First(it => !(bool)it!["isFlagged"]!)!["number"]!;

        var invented = await desk.DecideAsync(draft, plain, "edited", text: "The patient takes ibuprofen 975 mg every 5 hours.");
        var statement = invented.Body["statements"]!.AsArray().First(it => (int)it!["number"]! == plain)!;
        Assert.Equal(("waiting", true, "unsupported"), ((string?)statement["standing"], (bool)statement["isFlagged"]!, (string?)statement["verdict"]!["verdict"]));
        Assert.Contains(statement["verdict"]!["findings"]!.AsArray(), it => (string?)it!["kind"] is "number" or "dose");

        Assert.Equal((409, "scribe.open-first"), Brief(await desk.DecideAsync(draft, plain, "accepted", seen: 1)));
        Assert.Equal((200, null), Brief(await desk.DecideAsync(draft, plain, "opened", seen: 1)));
        var kept = await desk.DecideAsync(draft, plain, "accepted", seen: 2);
        Assert.Equal("edited", (string?)kept.Body["statements"]!.AsArray().First(it => (int)it!["number"]! == plain)!["standing"]);
        Assert.True(await desk.Clinic.OneAsync<int>("select edit_distance from decision where kind = 'edited'") > 10);
        Assert.Equal((409, "scribe.open-first"), Brief(await desk.AcceptManyAsync(draft, plain)));
    }

    [Fact]
    public async Task AI_6_What_was_said_and_left_out_is_listed_and_can_be_taken_in_with_its_source()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(ReviewDesk.WithGaps);
        var left = draft["leftOut"]!.AsArray();
        Assert.NotEmpty(left);
        var number = (int)left[0]!["number"]!;

        var added = await desk.DecideAsync(draft, number, "added", text: (string)left[0]!["quote"]!, section: "HISTORY OF PRESENT ILLNESS");

        var statement = added.Body["statements"]!.AsArray().First(it => (int)it!["number"]! == number)!;
        Assert.Equal((string?)left[0]!["spanId"], (string?)statement["citations"]![0]);
        Assert.Equal((422, "scribe.invalid-decision"), Brief(await desk.DecideAsync(draft, number, "dismissed", seen: 1)));
    }

    [Fact]
    public async Task Two_tabs_sign_and_there_is_one_note()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);

        var replies = await Task.WhenAll(desk.SignAsync(draft), desk.SignAsync(draft));

        Assert.Equal([201, 409], replies.Select(reply => reply.Status).Order());
        Assert.Equal("scribe.already-signed", replies.Single(reply => reply.Status == 409).Code);
        Assert.Equal((1, 1), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from entry where kind = 'note'), (select count(*) from decision where kind = 'signed')"));
    }

    [Fact]
    public async Task Two_people_decide_on_one_statement_and_the_second_is_told_what_changed()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var number = (int)draft["statements"]!.AsArray().First(it => !(bool)it!["isFlagged"]!)!["number"]!;

        var replies = await Task.WhenAll(desk.DecideAsync(draft, number, "accepted"), desk.DecideAsync(draft, number, "rejected", reason: "not said"));

        Assert.Equal([200, 412], replies.Select(reply => reply.Status).Order());
        var stale = replies.Single(reply => reply.Status == 412);
        Assert.Contains("by Dr. Ada Hart", (string?)stale.Body["errors"]!["version"], StringComparison.Ordinal);
        Assert.Equal((412, "platform.stale-version"), Brief(await desk.SignAsync(draft, version: 1)));
    }

    [Fact]
    public async Task A_double_click_drafts_once_and_a_second_draft_waits_for_the_first()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var key = Guid.CreateVersion7().ToString();

        var pages = await Task.WhenAll(desk.PasteAsync(SampleVisits.Knee, key), desk.PasteAsync(SampleVisits.Knee, key));

        Assert.All(pages, page => Assert.Equal(303, page));
        Assert.Equal((1, 1), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from transcript), (select count(*) from draft where kind = 'note')"));
        Assert.Equal((409, "scribe.draft-open"), Brief(await desk.AddAsync(SampleVisits.Knee)));
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from transcript"));
    }

    [Fact]
    public async Task A_double_click_on_the_upload_of_a_file_drafts_once()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var (key, file) = (Guid.CreateVersion7().ToString(), Encoding.UTF8.GetBytes(SampleVisits.Knee));

        var clicks = await Task.WhenAll(desk.UploadAsync("visit.txt", file, key), desk.UploadAsync("visit.txt", file, key));

        Assert.All(clicks, click => Assert.Equal(303, click.Status));
        Assert.Equal((1, 1), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from transcript), (select count(*) from draft where kind = 'note')"));
        Assert.Equal(422, (await desk.UploadAsync("visit.txt", Encoding.UTF8.GetBytes(ReviewDesk.WithGaps), key)).Status);   // another file is another request
    }

    [Fact]
    public async Task A_discarded_draft_keeps_its_decisions_and_its_transcript_can_be_drafted_again()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);

        Assert.Equal(204, (await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/discard", new { reason = "wrong visit" }, null, ClinicRole.Provider)).Status);
        var again = await desk.SendAsync($"/api/v1/transcripts/{draft["transcriptId"]}/drafts", new { }, null, ClinicRole.Provider);

        Assert.Equal(201, again.Status);
        Assert.Equal((409, "scribe.already-discarded"), Brief(await desk.DecideAsync(draft, 1, "accepted")));
        Assert.Equal((2, 1), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from draft where kind = 'note'), (select count(*) from decision where kind = 'discarded')"));
    }

    [Fact]
    public async Task CHT_5_A_discarded_draft_comes_back_as_it_was_unless_something_has_taken_its_place()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAsync(draft, 1, "edited", text: "Knee pain for two weeks.");
        async Task<int> TurnAsync(string act) => (await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/{act}", act == "discard" ? new { reason = "wrong visit" } : (object)new { }, null, ClinicRole.Provider)).Status;
        async Task<string?> WhyNotAsync() => (await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/restore", new { }, null, ClinicRole.Provider)).Code;
        async Task<int> ListedAsync()
        {
            using var client = desk.Clinic.As(ClinicRole.Provider);
            return JsonNode.Parse(await client.GetStringAsync("/api/v1/notes/waiting"))!["discarded"]!.AsArray().Count(it => (string)it!["id"]! == (string)draft["id"]!);
        }

        Assert.Equal("scribe.not-discarded", await WhyNotAsync());
        Assert.Equal((204, 1), (await TurnAsync("discard"), await ListedAsync()));
        Assert.Equal((204, 0), (await TurnAsync("restore"), await ListedAsync()));
        using (var client = desk.Clinic.As(ClinicRole.Provider))
        {
            var back = JsonNode.Parse(await client.GetStringAsync($"/api/v1/drafts/{draft["id"]}"))!;
            Assert.Contains("Knee pain for two weeks.", back.ToJsonString(), StringComparison.Ordinal);
        }
        Assert.Equal((204, 204, 204), (await TurnAsync("discard"), await TurnAsync("restore"), await TurnAsync("discard")));
        Assert.Equal("discarded restored discarded restored discarded", await desk.Clinic.OneAsync<string>("select string_agg(kind, ' ' order by sequence) from decision where statement = 0"));

        await desk.SendAsync($"/api/v1/transcripts/{draft["transcriptId"]}/drafts", new { }, null, ClinicRole.Provider);
        Assert.Equal(("scribe.draft-open", 0), (await WhyNotAsync(), await ListedAsync()));
    }

    [Fact]
    public async Task CHT_5_The_database_opens_no_closed_draft_without_the_word_that_brings_it_back()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/discard", new { reason = "wrong visit" }, null, ClinicRole.Provider);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Provider,
            "update draft set state = 'open', version = version + 1, closing_id = null, closed_at = null"));

        Assert.Contains("a closed draft is never changed", refused.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClinicRole.FrontDesk)]
    [InlineData(ClinicRole.Admin)]   // never the provider of a visit
    public async Task Only_providers_draft_and_sign(ClinicRole role)
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);

        Assert.Equal((403, "platform.forbidden"), Brief(await desk.AddAsync(SampleVisits.Knee, role)));
        Assert.Equal((403, "platform.forbidden"), Brief(await desk.DecideAsync(draft, 1, "accepted", role: role)));
        Assert.Equal((403, "platform.forbidden"), Brief(await desk.SignAsync(draft, role: role)));
        using var client = desk.Clinic.As(role);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/visits/{desk.Visit}/review")).StatusCode);
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RawAsync<int>(role,
            "update draft set version = version + 1"))).SqlState);
    }

    [Fact]
    public async Task Nothing_that_was_said_drafted_or_decided_can_be_read_in_the_tables()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee.Replace("stairs", "stairs near Canaryfield", StringComparison.Ordinal));
        await desk.DecideAsync(draft, 1, "edited", text: "Canaryedit says the knee hurts.");
        await desk.SendAsync($"/api/v1/drafts/{draft["id"]}/discard", new { reason = "Canaryreason" }, null, ClinicRole.Provider);

        foreach (var table in new[] { "transcript", "draft", "decision", "audit_event", "kept_answer" })
            foreach (var word in new[] { "Canary", "penicillin", "meniscal" })
                Assert.Equal(0, await desk.Clinic.OneAsync<long>($"select count(*) from {table} as line where line::text ilike '%{word}%' or line::text ilike '%{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(word))}%'"));
    }

    [Theory]
    [InlineData("", 422, "scribe.nothing-to-draft")]
    [InlineData("   \n\t ...", 422, "scribe.nothing-to-draft")]
    [InlineData("[doctor] Okay. [patient] Okay.", 422, "scribe.nothing-clinical")]
    public async Task An_empty_transcript_is_refused_and_leaves_nothing_but_its_audit_row(string text, int status, string code)
    {
        await using var desk = await ReviewDesk.OpenAsync();

        Assert.Equal((status, code), Brief(await desk.AddAsync(text)));
        Assert.Equal((0, 0), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from transcript), (select count(*) from draft where kind = 'note')"));
        Assert.Equal(["refused"], await desk.Clinic.RowsAsync<string>("select distinct outcome from audit_event where role = 'provider'"));
    }

    [Fact]
    public async Task A_transcript_without_speakers_is_drafted_with_a_word_of_warning_and_a_dictation_without_one()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await using var alone = await ReviewDesk.OpenAsync();
        await desk.DraftedAsync("Do you have any pain?\nLeft knee pain for three weeks after a fall.\nI take ibuprofen 400 mg twice a day.\nWe will order an MRI of your left knee.");
        await alone.DraftedAsync("The patient has had left knee pain for three weeks after a fall.\nShe takes ibuprofen 400 mg twice a day.\nWe will order an MRI of the left knee.");

        Assert.Contains("does not say who speaks", await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.DoesNotContain("does not say who speaks", await alone.PageAsync($"/visits/{alone.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visit.txt", new byte[] { 0x89, 0x50, 0x4E, 0x47, 0xFF, 0x00 }, 422)]   // a picture that calls itself text
    [InlineData("visit.exe", new byte[] { 0x41 }, 422)]
    [InlineData("visit.txt", new byte[] { 0x41, 0x00, 0x42 }, 422)]   // NUL
    public async Task A_file_that_is_no_text_or_too_large_is_refused_whatever_its_name_says(string name, byte[] bytes, int status)
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var (answer, html) = await desk.UploadAsync(name, bytes);

        Assert.Equal(status, answer);
        Assert.Contains("not a text transcript", html, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from transcript"));
        Assert.Equal(413, (await desk.UploadAsync("visit.txt", new byte[TranscriptFile.LargestBytes + 1])).Status);
        Assert.Equal(303, (await desk.UploadAsync("visit.vtt", Encoding.UTF8.GetBytes("WEBVTT\n\n00:01.000 --> 00:04.000\n<v Patient>I have had left knee pain for three weeks.\n"))).Status);
    }

    [Fact]
    public async Task CHT_1_An_amended_note_has_a_new_version_and_the_old_one_stays_readable()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);
        var note = (await desk.SignAsync(draft)).Body["noteId"];

        var amended = await desk.SendAsync($"/api/v1/notes/{note}/amendments", new { reason = "heard back", addendum = "MRI is booked." }, 1, ClinicRole.Provider);
        var stale = await desk.SendAsync($"/api/v1/notes/{note}/amendments", new { reason = "heard back", addendum = "Twice." }, 1, ClinicRole.Provider);
        var empty = await desk.SendAsync($"/api/v1/notes/{note}/amendments", new { reason = "none" }, 2, ClinicRole.Provider);

        Assert.Equal((200, 2), (amended.Status, (int)amended.Body["version"]!));
        Assert.Equal((412, "charts.stale-entry"), Brief(stale));
        Assert.Equal((422, "scribe.invalid-amendment"), Brief(empty));
        using var client = desk.Clinic.As(ClinicRole.Provider);
        var versions = (await client.GetFromJsonAsync<JsonArray>($"/api/v1/notes/{note}/versions"))!;
        Assert.Equal([2, 1], versions.Select(version => (int)version!["version"]!));
        Assert.DoesNotContain("MRI is booked", versions[1]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("ADDENDUM", versions[0]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("Version 1", await desk.PageAsync($"/notes/{note}/versions", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.already-signed"), Brief(await desk.AddAsync(SampleVisits.Knee)));
    }

    private static (int, string?) Brief(Reply reply) => (reply.Status, reply.Code);
}
